/**
 * What an edge thread counts for one service: where each fact is among the `SERVICE_CELLS` cells of its slot. All histograms have
 * the bounds of `DURATION_BOUNDS_S`, so that one search finds the cell of a time in any of them.
 */

/** Upper bounds in seconds of histograms of times; the last bucket, +Inf, has no entry here. */
export const DURATION_BOUNDS_S: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
export const DURATION_CELLS = DURATION_BOUNDS_S.length + 1;

/** Answers to clients by the first digit of their status. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Times that are histograms, by service: the whole request; of endpoints the connection, its TLS, and the first byte of an answer. */
export const SERVICE_TIMES = ['request', 'connect', 'tls', 'first-byte'] as const;
export type ServiceTime = (typeof SERVICE_TIMES)[number];

/** What is added up and never goes down. */
export const SERVICE_COUNTS = [
  'retry',
  'client-gone',
  'hand-over',
  'bytes-in',
  'bytes-out',
  'cache-hit',
  'cache-miss',
  'cache-eviction',
  'fenced',
  'fence-refusal',
  'rate-asked',
  'limited-requests',
  'limited-concurrent',
  'limited-client-requests',
  'limited-client-concurrent',
  'limited-body',
  'limited-target',
  'limited-head',
  'limited-fields',
  'limited-body-pause',
  'limit-uncounted',
  'hedge',
  'deadline',
  'shed',
  'lower-tier',
  'braked',
  'health-disregarded',
  'sticky-kept',
  'sticky-moved',
  'sticky-new',
  'sticky-hashed',
  'cookie-forged',
  'cookie-expired',
  'cookie-gone',
  'mirror-answered',
  'mirror-failed',
  'mirror-no-body',
  'mirror-busy',
  'mirror-late',
  'mirror-nobody',
  'mirror-marked',
  'load-taken',
  'load-ignored',
] as const;
export type ServiceCount = (typeof SERVICE_COUNTS)[number];

/** What a thread has now; it goes with the thread. */
export const SERVICE_LEVELS = ['cache-entries', 'cache-bytes', 'cache-refuses'] as const;
export type ServiceLevel = (typeof SERVICE_LEVELS)[number];

/** The buckets of a time, and their sum in milliseconds behind them. */
const TIME_CELLS = DURATION_CELLS + 1;
const COUNTS_AT = STATUS_CLASSES.length;
const TIMES_AT = COUNTS_AT + SERVICE_COUNTS.length;
/** Cells of a slot that never go down: they are added up over threads and in the life of the process. */
export const SERVICE_COUNTER_CELLS = TIMES_AT + SERVICE_TIMES.length * TIME_CELLS;
export const SERVICE_CELLS = SERVICE_COUNTER_CELLS + SERVICE_LEVELS.length;

/** Cell of a status from 100 to 599; what is none of these is an error of somebody's, and counts as one. */
export function statusClassCell(status: number): number {
  const digit = (status / 100) | 0;
  return digit >= 1 && digit <= 5 ? digit - 1 : STATUS_CLASSES.length - 1;
}

/** The cell of a count. */
export function countCell(count: ServiceCount): number {
  return COUNTS_AT + SERVICE_COUNTS.indexOf(count);
}

/** The first of the buckets of a time. */
export function bucketsAt(time: ServiceTime): number {
  return TIMES_AT + SERVICE_TIMES.indexOf(time) * TIME_CELLS;
}

/** The sum of a time, in milliseconds. */
export function sumCell(time: ServiceTime): number {
  return bucketsAt(time) + DURATION_CELLS;
}

/** The cell of a level. */
export function levelCell(level: ServiceLevel): number {
  return SERVICE_COUNTER_CELLS + SERVICE_LEVELS.indexOf(level);
}

/** Bucket of a time of `ms` milliseconds, counted from the first. */
export function durationCell(ms: number): number {
  const seconds = ms / 1000;
  for (let i = 0; i < DURATION_BOUNDS_S.length; i += 1) {
    if (seconds <= (DURATION_BOUNDS_S[i] as number)) return i;
  }
  return DURATION_BOUNDS_S.length;
}
