import { request } from 'node:http';
import type { ControlFile } from './control-file.ts';
import type { ControlReply } from './control-server.ts';
import type { Target, Verb } from './target.ts';

/** A stop or a revival of six origins takes a few milliseconds; a port that is waited for, up to two seconds. */
export const TIMEOUT_MS = 5000;
const REPLY_BYTES_MAX = 4096;

export type CommandReply = { readonly ok: boolean; readonly message: string };

/**
 * What came of it. `nobody`: no demo is there, or not the one that wrote the file. `silent`: somebody is there and does
 * not answer, as a demo does whose terminal has been stopped.
 */
export type Reached = CommandReply | 'nobody' | 'silent';

/** Tells a running demo what to do. Never rejects. */
export function tellDemo(to: ControlFile, verb: Verb, target: Target): Promise<Reached> {
  return ask(to, 'POST', `/${verb}?target=${encodeURIComponent(target.name)}`);
}

/** Whether the demo that wrote the file still runs. */
export async function demoRuns(to: ControlFile): Promise<boolean> {
  const reply = await ask(to, 'GET', '/');
  return reply === 'silent' || (reply !== 'nobody' && reply.ok);
}

function ask({ port, token }: ControlFile, method: string, path: string): Promise<Reached> {
  const { promise, resolve } = Promise.withResolvers<Reached>();
  const nobody = () => resolve('nobody');
  const headers = { authorization: `Bearer ${token}` };
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > REPLY_BYTES_MAX) response.destroy();
    });
    response.on('error', nobody);
    response.on('close', () => resolve(replyOf(response.statusCode ?? 0, text)));
  });
  asking.setTimeout(TIMEOUT_MS, () => {
    resolve('silent');
    asking.destroy();
  });
  asking.on('error', nobody);
  asking.end();
  return promise;
}

/** 401: another demo has the port by now, and its own file. */
function replyOf(status: number, text: string): CommandReply | 'nobody' {
  if (status === 401) return 'nobody';
  try {
    const reply = JSON.parse(text) as Partial<ControlReply> | null;
    if (reply?.demo !== true || typeof reply.message !== 'string') return 'nobody';
    return { ok: status === 200, message: reply.message };
  } catch {
    return 'nobody';
  }
}
