import type { Measured } from './measure.ts';

/** The rounds of one proxy with one work, as one: medians, and how far apart the rounds were. */
export type Median = Measured & {
  readonly work: string;
  readonly through: string;
  readonly rounds: number;
  /** User and system time of a request, in microseconds: of the median round, the least and the most. */
  readonly cpuUs: number;
  readonly cpuUsMin: number;
  readonly cpuUsMax: number;
};

/** Of every figure its median over the rounds; of requests and of those not answered well, the sum. */
export function mediansOf(work: string, through: string, rounds: readonly Measured[]): Median {
  const of = (figure: (round: Measured) => number): number => median(rounds.map(figure));
  const sum = (figure: (round: Measured) => number): number => rounds.reduce((total, one) => total + figure(one), 0);
  const cpu = rounds.map(cpuUsOf);
  return {
    work,
    through,
    rounds: rounds.length,
    cpuUs: median(cpu),
    cpuUsMin: Math.min(...cpu),
    cpuUsMax: Math.max(...cpu),
    userUs: of(({ userUs }) => userUs),
    systemUs: of(({ systemUs }) => systemUs),
    busy: of(({ busy }) => busy),
    others: of(({ others }) => others),
    requests: sum(({ requests }) => requests),
    requestsPerSecond: of(({ requestsPerSecond }) => requestsPerSecond),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    p999Ms: of(({ p999Ms }) => p999Ms),
    peakBytes: Math.max(...rounds.map(({ peakBytes }) => peakBytes)),
    bad: sum(({ bad }) => bad),
  };
}

/** The middle of the values; of an even number, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2;
}

function cpuUsOf({ userUs, systemUs }: Measured): number {
  return userUs + systemUs;
}
