import { request } from 'node:http';
import type { ControlFile } from './control-file.ts';
import type { ControlReply } from './control-server.ts';
import type { Target, Verb } from './target.ts';

/** A stop or a revival of six origins takes a few milliseconds; a port that is waited for, up to two seconds. */
const TIMEOUT_MS = 5000;
const REPLY_BYTES_MAX = 4096;

export type Told = { readonly ok: boolean; readonly message: string };

/** Tells a running demo what to do. Undefined: nobody is there, or it is not the demo that wrote the file. */
export function tellDemo(to: ControlFile, verb: Verb, target: Target): Promise<Told | undefined> {
  return ask(to, 'POST', `/${verb}?target=${encodeURIComponent(target.name)}`);
}

/** Whether the demo that wrote the file still runs. */
export async function demoRuns(to: ControlFile): Promise<boolean> {
  const told = await ask(to, 'GET', '/');
  return told?.ok === true;
}

function ask({ port, token }: ControlFile, method: string, path: string): Promise<Told | undefined> {
  const { promise, resolve } = Promise.withResolvers<Told | undefined>();
  const nobody = () => resolve(undefined);
  const headers = { authorization: `Bearer ${token}` };
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > REPLY_BYTES_MAX) response.destroy();
    });
    response.on('error', nobody);
    response.on('close', () => resolve(toldBy(response.statusCode ?? 0, text)));
  });
  asking.setTimeout(TIMEOUT_MS, () => asking.destroy());
  asking.on('error', nobody);
  asking.end();
  return promise;
}

/** 401: another demo has the port by now, and its own file. */
function toldBy(status: number, text: string): Told | undefined {
  if (status === 401) return undefined;
  try {
    const reply = JSON.parse(text) as Partial<ControlReply> | null;
    if (reply?.demo !== true || typeof reply.message !== 'string') return undefined;
    return { ok: status === 200, message: reply.message };
  } catch {
    return undefined;
  }
}
