import type { AccessSampling } from './access-sampling.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type LogSettings = {
  readonly level: LogLevel;
  /** Whether there is an access log. */
  readonly access: boolean;
  /** Of which requests; of all when it is left out. */
  readonly sampling?: AccessSampling;
};
