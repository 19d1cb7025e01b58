import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, start } from './children.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A Meridian of its own, started as its users start it: by its command line and a file. */
export type EdgeProcess = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly adminPort: number;
  /** Puts another file in the place of its configuration. */
  readonly configure: (yaml: string) => void;
  /** What it has logged so far. */
  readonly log: () => string;
  readonly end: () => Promise<void>;
};

const START_MS_MAX = 20_000;
const POLL_MS = 10;
/** The command line, as it runs from the sources. */
export const SOURCES = new URL('../../src/main.ts', import.meta.url);

/**
 * @param env variables beside those of our own environment
 * @param main the command line: that of the sources or of a build
 */
export async function startEdge(
  yaml: string,
  core?: number,
  env: Readonly<Record<string, string>> = {},
  main = SOURCES,
): Promise<EdgeProcess> {
  const folder = temporaryFolder();
  const [file, logFile] = [join(folder.path, 'meridian.yaml'), join(folder.path, 'log')];
  writeFileSync(file, yaml);
  const output = openSync(logFile, 'a');
  const args = ['start', '-c', file];
  const child = start({
    script: main,
    args,
    output,
    env,
    ...(core === undefined ? {} : { core }),
  });
  closeSync(output);
  const log = (): string => readFileSync(logFile, 'utf8');
  const stop = async (): Promise<void> => {
    await end(child);
    folder.remove();
  };
  try {
    const [port, adminPort] = await portsOf(child, log);
    return { child, port, adminPort, configure: (next) => writeFileSync(file, next), log, end: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads its ports from the line that it writes when it serves. */
async function portsOf(child: ChildProcess, log: () => string): Promise<[number, number]> {
  for (let waitedMs = 0; waitedMs < START_MS_MAX; waitedMs += POLL_MS) {
    const found = /serving \S+:(\d+) .*admin on \S+:(\d+),/.exec(log());
    if (found !== null) return [Number(found[1]), Number(found[2])];
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the edge did not start:\n${log()}`);
}
