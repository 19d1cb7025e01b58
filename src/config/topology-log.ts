import type { AccessSampling } from './access-sampling.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export const LOG_FORMATS = ['json', 'logfmt', 'combined'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type LogSettings = {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Whether there is an access log. */
  readonly access: boolean;
  /** Of which requests; of all when it is left out. */
  readonly sampling?: AccessSampling;
};
