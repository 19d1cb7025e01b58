import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { delimiter, join } from 'node:path';
import { end, startProgram } from '../rig/children.ts';

/** Where Debian puts what an ordinary user's PATH leaves out. */
const MORE_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const READY_MS_MAX = 10_000;
const POLL_MS = 50;

/** A server that answers. */
export type Running = { readonly pid: number; readonly port: number; readonly end: () => Promise<void> };

export type Server = {
  readonly program: string;
  readonly args: readonly string[];
  readonly core: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly port: number;
  readonly tls?: boolean;
};

/** Where a program is, if the machine has it. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Starts a server of the system in the foreground and waits until it answers. Rejects with what it printed. */
export async function serve({ program, args, core, env = {}, folder, port, tls = false }: Server): Promise<Running> {
  const logFile = join(folder, 'output');
  const output = openSync(logFile, 'a');
  const child = startProgram({ program, args, core, env, output });
  closeSync(output);
  for (let waitedMs = 0; waitedMs < READY_MS_MAX && child.exitCode === null; waitedMs += POLL_MS) {
    if (await answers(port, tls)) return { pid: child.pid as number, port, end: () => end(child) };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await end(child);
  throw new Error(`${program} ${args.join(' ')} did not serve:\n${readFileSync(logFile, 'utf8')}`);
}

async function answers(port: number, tls: boolean): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const options: RequestOptions = { host: '127.0.0.1', port, path: '/bytes/100', agent: false, timeout: 1000 };
  const sent = tls ? https.request({ ...options, rejectUnauthorized: false }) : http.request(options);
  sent.on('response', (answer) => {
    answer.resume();
    resolve(answer.statusCode);
  });
  sent.on('timeout', () => sent.destroy());
  sent.on('error', () => resolve(undefined));
  sent.end();
  return (await promise) === 200;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
