import { loadTopology } from '../config/load.ts';
import { endpointsOf } from '../config/owners.ts';
import { formatProblem } from '../config/problem.ts';
import type { Topology } from '../config/topology.ts';
import type { ListenerSettings } from '../config/topology-listener.ts';
import { type Watching, watchFile } from '../config/watch.ts';
import type { Emit } from '../table/event.ts';
import { type PemTexts, readPemFiles } from './pem-files.ts';

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };

export type ReloaderDeps = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly current: { readonly topology: Topology; readonly written: Topology; readonly pem: PemTexts };
  readonly wallMs: () => number;
  /** Puts a topology into force; throws when it does not fit, and then nothing has changed. */
  readonly apply: (topology: Topology, pem: PemTexts) => void;
};

/** What is set up once, when the process starts. */
const FIXED: readonly (readonly [key: string, of: (topology: Topology) => unknown])[] = [
  ['edge.listeners', ({ edge }) => edge.listeners.map(fixedOf)],
  ['edge.workers', ({ edge }) => edge.workers],
  ['admin', ({ admin }) => admin],
  ['geo.database', ({ geoDatabase }) => geoDatabase],
  ['log', ({ log }) => log],
  ['fleet', ({ fleet }) => fleet],
  // Other edges know this one by its name.
  ['edge.id', ({ edge, fleet }) => (fleet === undefined ? '' : edge.id)],
];

/** Of a listener: what its certificates are, whom it trusts and where it redirects to may change. */
function fixedOf({ name, listen, tls, http2, proxyProtocolFrom, redirectPort }: ListenerSettings): unknown {
  return [name, listen, tls !== undefined, http2, proxyProtocolFrom !== undefined, redirectPort !== undefined];
}

/**
 * Reads the file again when it changes, on SIGHUP, or when an operator asks: one after the other, never two at a time. A
 * bad file changes nothing; its problems are logged.
 */
export class Reloader {
  readonly #deps: ReloaderDeps;
  readonly #watching: Watching;
  /** The values of `FIXED` that are in force. */
  readonly #fixed: readonly (string | undefined)[];
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(deps: ReloaderDeps) {
    this.#deps = deps;
    this.#fixed = FIXED.map(([, of]) => JSON.stringify(of(deps.current.topology)));
    this.#watching = watchFile(deps.current.topology.file, () => void this.reload());
  }

  reload(): Promise<ReloadResult> {
    const result = this.#last.then(() => this.#reload());
    this.#last = result;
    return result;
  }

  /** Reloads if the file has changed between being read for the start and being watched. */
  async catchUp(): Promise<void> {
    const { current, env } = this.#deps;
    const now = await loadTopology(current.topology.file, env);
    if (now.ok && JSON.stringify(now.topology) !== JSON.stringify(current.written)) await this.reload();
  }

  /** Nothing is put into force from now on, also what is being read. */
  close(): void {
    this.#closed = true;
    this.#watching.close();
  }

  async #reload(): Promise<ReloadResult> {
    const { current, env, emit, apply, wallMs } = this.#deps;
    const { file } = current.topology;
    const parsed = await loadTopology(file, env);
    if (!parsed.ok) return this.#rejected(parsed.problems.map((problem) => formatProblem(file, problem)));
    try {
      const pem = await readPemFiles(parsed.topology, { wallMs: wallMs(), inForce: current.pem });
      if (this.#closed) return { ok: false, problems: ['the edge is ending'] };
      apply(parsed.topology, pem);
    } catch (error) {
      return this.#rejected([(error as Error).message]);
    }
    const { services } = parsed.topology;
    const endpoints = endpointsOf(parsed.topology).length;
    emit({ type: 'reloaded', file, services: services.length, endpoints });
    // What the process was set up with, not what the file said last: what was put back needs no restart.
    const keys = FIXED.filter(([, of], i) => this.#fixed[i] !== JSON.stringify(of(parsed.topology)));
    if (keys.length > 0) emit({ type: 'restart-needed', keys: keys.map(([key]) => key) });
    return { ok: true };
  }

  #rejected(problems: readonly string[]): ReloadResult {
    this.#deps.emit({ type: 'reload-rejected', file: this.#deps.current.topology.file, problems });
    return { ok: false, problems };
  }
}
