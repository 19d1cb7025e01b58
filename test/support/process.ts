import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A `meridian` command that runs as a process of its own; killed with the test if it still lives. */
export type Run = {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the match once its output (both streams together) matches; rejects when it ends before. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** Variables by name; undefined takes one away. */
export type Env = Readonly<Record<string, string | undefined>>;

export function run(args: readonly string[], env: Env = {}, main = MAIN, at: Where = {}): Run {
  return started(args, { env, main, ...at });
}

/** In which folder, and by which Node; the test's own by default. */
export type Where = { readonly cwd?: string; readonly node?: string };

/** The same in a folder of its own. */
export function runHere(args: readonly string[], env: Env, cwd: string): Run {
  return started(args, { env, main: MAIN, cwd });
}

type Way = Where & { readonly env: Env; readonly main: string };

function started(args: readonly string[], { env, main, node = process.execPath, ...where }: Way): Run {
  const child = spawn(node, [main, ...args], {
    ...where,
    // Tests leave nothing in the folder for caches of whoever runs them.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const exit = new Promise<Awaited<Run['exit']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
    for (const look of waiting) look();
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, out: () => out, err: () => err, printed, exit };

  function printed(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const found = pattern.exec(out + err);
      if (found !== null) resolve(found);
    };
    waiting.add(look);
    look();
    void exit.then(({ code }) => reject(new Error(`ended with ${code} before printing ${pattern}:\n${out}${err}`)));
    return promise.finally(() => waiting.delete(look));
  }
}

/** Runs a command to its end. */
export async function runToEnd(args: readonly string[], env: Env = {}, main = MAIN, at: Where = {}) {
  const running = run(args, env, main, at);
  const { code } = await running.exit;
  return { code, out: running.out(), err: running.err() };
}

/** A folder of the test's own, removed with it. */
export function temporaryFolder(): { readonly path: string; readonly write: (name: string, text: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write: (name, text) => {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
  };
}
