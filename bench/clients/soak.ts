import { loadOf } from '../peers/measure.ts';
import { median } from '../peers/medians.ts';
import { residentBytes } from '../rig/proc.ts';
import { type Engine, withEdge } from './edges.ts';

/** Resident memory after so many requests. */
export type Sample = { readonly requests: number; readonly bytes: number };

export type Soak = { readonly samples: readonly Sample[]; readonly failed: number };

const EVERY_REQUESTS = 250_000;
const FIRST_SECONDS = 2;
/** Samples from which each end of the series is taken; one alone has as much garbage as it happens to have. */
const END_SAMPLES = 3;

/** Sends a number of small requests, a batch at a time, and looks at the resident memory between batches. */
export function soak(
  { engine, requests: total, folder }: { engine: Engine; requests: number; folder: string },
  tell: (sample: Sample) => void,
): Promise<Soak> {
  return withEdge(engine, async ({ pid, port }) => {
    const samples: Sample[] = [];
    let [requests, failed, seconds] = [0, 0, FIRST_SECONDS];
    while (requests < total) {
      const work = { name: 'soak', path: '/bytes/100', tls: false };
      const loaded = await loadOf(port, { work, seconds, folder });
      requests += loaded.requests;
      failed += loaded.bad;
      seconds = Math.max(1, Math.round(EVERY_REQUESTS / loaded.requestsPerSecond));
      const sample = { requests, bytes: residentBytes(pid).now };
      samples.push(sample);
      tell(sample);
    }
    return { samples, failed };
  });
}

/**
 * How much memory grew over a series, once it had begun: between the first samples after a fifth of the requests, when
 * code is compiled and heaps have the size they want, and the last ones. NaN of less than a handful.
 */
export function growthBytes(samples: readonly Sample[]): number {
  const total = samples.at(-1)?.requests ?? 0;
  const settled = samples.filter(({ requests }) => requests >= total / 5).map(({ bytes }) => bytes);
  if (settled.length < 2 * END_SAMPLES) return Number.NaN;
  return median(settled.slice(-END_SAMPLES)) - median(settled.slice(0, END_SAMPLES));
}
