/*
 * A client that keeps a rate in windows, as a process of its own:
 *
 *   window-client.ts --port P --path /bytes/100 --rate 1000 --windows 60 --window-ms 1000 --settle-ms 300
 *
 * It tells its parent when each window begins, so that the parent may change what goes on beside it, and at the end what each window was
 * like. How it keeps the rate, and from when latency counts: see rig/paced-requests.ts. What is due
 * in the first `settle-ms` of a window is not counted: the change is under way. With `--rest` it may share a core with what it asks.
 */
import { parseArgs } from 'node:util';
import { paceRequests } from '../rig/paced-requests.ts';
import { percentile } from './paired.ts';

/** Latencies in microseconds. `failed`: without an answer, or with another than 200. */
export type Window = { readonly answered: number; readonly p50Us: number; readonly p99Us: number };
export type WindowMessage =
  | { readonly begins: number }
  | { readonly windows: readonly Window[]; readonly failed: number };

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    port: text(''),
    path: text('/'),
    rate: text('1000'),
    windows: text('60'),
    'window-ms': text('1000'),
    'settle-ms': text('300'),
    rest: { type: 'boolean', default: false },
  },
});
const [windows, windowMs, settleMs] = [values.windows, values['window-ms'], values['settle-ms']].map(Number) as [
  number,
  number,
  number,
];
const [port, rate] = [Number(values.port), Number(values.rate)];
const latenciesUs = Array.from({ length: windows }, (): number[] => []);
let begun = -1;

const total = Math.round((windows * windowMs * rate) / 1000);
const failed = await paceRequests({ port, path: values.path, rate, total, rests: values.rest }, { looked, answered });
const found = latenciesUs.map((us): Window => {
  return { answered: us.length, p50Us: percentile(us, 50), p99Us: percentile(us, 99) };
});
tell({ windows: found, failed }, () => process.exit());

function looked(nowMs: number): void {
  const window = Math.floor(nowMs / windowMs);
  if (window <= begun || window >= windows) return;
  begun = window;
  tell({ begins: window });
}

function answered(dueMs: number, nowMs: number): void {
  if (dueMs % windowMs < settleMs) return;
  latenciesUs[Math.floor(dueMs / windowMs)]?.push((nowMs - dueMs) * 1000);
}

function tell(message: WindowMessage, then = () => {}): void {
  process.send?.(message, then);
}
