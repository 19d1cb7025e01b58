import { end, firstMessage, start } from '../rig/children.ts';
import { markdownTable } from '../rig/markdown-table.ts';
import { median } from './medians.ts';
import type { Paced } from './paced-client.ts';
import { LOAD_CORE } from './scene.ts';

/** A proxy at a rate that it keeps up with, beside its origin at the same rate without it. One entry a round. */
export type Added = {
  readonly through: string;
  readonly requestsPerSecond: number;
  readonly proxied: readonly Paced[];
  readonly direct: readonly Paced[];
};

export type PacedOrder = {
  readonly port: number;
  readonly path: string;
  readonly rate: number;
  readonly seconds: number;
};

/** Runs the paced client once. */
export async function paced({ port, path, rate, seconds }: PacedOrder): Promise<Paced> {
  const args = ['--port', port, '--path', path, '--rate', Math.round(rate), '--seconds', seconds].map(String);
  const client = start({ script: new URL('./paced-client.ts', import.meta.url), args, core: LOAD_CORE, ipc: true });
  try {
    return await firstMessage<Paced>(client);
  } finally {
    await end(client);
  }
}

/** Medians of the rounds, in microseconds; what is added is the difference of two percentiles. */
export function addedTable(rows: readonly Added[]): string {
  const head = ['at half its load', 'requests/s', 'p50 µs', 'p99 µs', 'p99.9 µs', 'p99 µs without it'];
  const more = ['added p50 µs', 'added p99 µs', 'of rounds', 'sent late, p99 µs', 'failed'];
  const lines = rows.map(({ through, requestsPerSecond, proxied, direct }) => {
    const of = (rounds: readonly Paced[], figure: (one: Paced) => number): number => median(rounds.map(figure));
    const added = proxied.map(({ p99Us }, i) => p99Us - (direct[i]?.p99Us ?? Number.NaN));
    const [p50, p99] = [of(proxied, ({ p50Us }) => p50Us), of(proxied, ({ p99Us }) => p99Us)];
    const [p50Direct, p99Direct] = [of(direct, ({ p50Us }) => p50Us), of(direct, ({ p99Us }) => p99Us)];
    const figures = [requestsPerSecond, p50, p99, of(proxied, ({ p999Us }) => p999Us), p99Direct];
    return [
      through,
      ...[...figures, p50 - p50Direct, p99 - p99Direct].map((figure) => figure.toFixed(0)),
      `${Math.min(...added).toFixed(0)}–${Math.max(...added).toFixed(0)}`,
      of(proxied, ({ lateP99Us }) => lateP99Us).toFixed(0),
      String([...proxied, ...direct].reduce((sum, { failed }) => sum + failed, 0)),
    ];
  });
  return markdownTable([...head, ...more], lines, 1);
}
