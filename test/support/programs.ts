import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Whether a test may skip for want of these programs: it does on a machine that does not have them, and not where
 * `MERIDIAN_PROGRAMS=required` says that they must be there.
 */
export function lacks(...programs: readonly string[]): boolean {
  return process.env['MERIDIAN_PROGRAMS'] !== 'required' && !programs.every(isInstalled);
}

/** Whether one of these is not there, on any machine: for what no package of Debian's own brings. */
export function isMissing(...programs: readonly string[]): boolean {
  return !programs.every(isInstalled);
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export type Program = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly kill: () => Promise<void>;
};

/** Starts a program of the system; killed with the test. */
export function startProgram(program: string, args: readonly string[]): Program {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return { child, output: () => output, kill };
}

/** Starts a Prometheus with this configuration file, its data in `folder`; returns its port. Killed with the test. */
export async function startPrometheus(config: string, folder: string): Promise<number> {
  const port = await freePort();
  startProgram('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  return port;
}

/** Runs a program of the system to its end. */
export async function runProgram(program: string, args: readonly string[]) {
  const { child, output } = startProgram(program, args);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output: output() };
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
