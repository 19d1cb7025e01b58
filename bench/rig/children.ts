import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { childrenOf } from './proc.ts';

/**
 * The processes of a measurement. Each is started by its own command and ended by its own id, whatever happens to the
 * measurement: also when it throws, is interrupted, or exits.
 */
type Common = {
  readonly args?: readonly string[];
  /** The core to run on, where the system has `taskset` and that many cores. */
  readonly core?: number;
  /** A descriptor for standard output and error instead of ours. */
  readonly output?: number | 'pipe' | 'ignore';
  readonly ipc?: boolean;
  /** Variables beside those of our own environment. */
  readonly env?: Readonly<Record<string, string>>;
};
export type Spawn = Common & { readonly script: URL };
export type SpawnProgram = Common & { readonly program: string };

const alive = new Set<ChildProcess>();

/** Starts a script with the Node that runs us. */
export function start({ script, args = [], ...how }: Spawn): ChildProcess {
  return startProgram({ ...how, program: process.execPath, args: [fileURLToPath(script), ...args] });
}

/** Starts a program of the system. Its id is the child's, pinned or not. */
export function startProgram(spec: SpawnProgram): ChildProcess {
  const { program, args = [], core, output = 'ignore', ipc = false, env = {} } = spec;
  const command = [program, ...args];
  const pinned = core !== undefined && canPin(core) ? ['taskset', '-c', String(core), ...command] : command;
  const stderr = output === 'ignore' ? 'inherit' : output;
  const child = spawn(pinned[0] as string, pinned.slice(1), {
    stdio: ['ignore', output, stderr, ...(ipc ? (['ipc'] as const) : [])],
    env: { ...process.env, ...env },
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/** Ends a child and resolves when it has gone. `SIGKILL` after two seconds if it does not go by itself. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  // A stopped process takes its signal only when it goes on.
  child.kill('SIGCONT');
  const killTimer = setTimeout(() => killFamily(child), 2000);
  await gone;
  clearTimeout(killTimer);
}

/** A process that is killed cannot end its own children any more. */
function killFamily(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const family = childrenOf(child.pid);
  child.kill('SIGKILL');
  for (const pid of family) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
  }
}

/** The first message that a child with `ipc` sends. Rejects when it ends before. */
export function firstMessage<T>(child: ChildProcess): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  child.once('message', (message) => resolve(message as T));
  child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)));
  return promise;
}

let taskset: boolean | undefined;

function canPin(core: number): boolean {
  taskset ??= hasTaskset();
  return taskset && core < availableParallelism();
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

process.on('exit', () => {
  for (const child of alive) killFamily(child);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
