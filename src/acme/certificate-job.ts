import { type AcmeSettings, certificateFile } from '../config/topology-acme.ts';
import type { AuthorityTrouble } from './authority-error.ts';
import type { Issued } from './issued.ts';
import { type RenewalWindow, renewalMs } from './renewal.ts';

/** One certificate that is to be there: what is known of it, and what has gone wrong. */
export type CertificateJob = {
  readonly settings: AcmeSettings;
  readonly domain: string;
  readonly file: string;
  /** As the file has it; undefined when it has none that can be shown. */
  issued: Issued | undefined;
  /** When the authority would have it renewed. */
  window: RenewalWindow | undefined;
  /** When to ask for that again, by the clock that never jumps. */
  askMs: number;
  /** Orders in a row that have failed. */
  failures: number;
  /** Why the last one has; empty when it has not. */
  error: string;
  trouble: AuthorityTrouble | undefined;
  /** No order before this, by the clock that never jumps. */
  restMs: number;
  ordering: boolean;
};

/** A certificate of which nothing is known yet. */
export function jobOf(settings: AcmeSettings, domain: string): CertificateJob {
  return {
    settings,
    domain,
    file: certificateFile(settings, domain),
    issued: undefined,
    window: undefined,
    askMs: 0,
    failures: 0,
    error: '',
    trouble: undefined,
    restMs: 0,
    ordering: false,
  };
}

/** When it is due, by the wall clock: at once when there is none. */
export function dueMs({ issued, window }: Pick<CertificateJob, 'issued' | 'window'>): number {
  return issued === undefined ? 0 : renewalMs(issued, window);
}

/** What is missing goes first, then what ends first. */
export function byUrgency(a: CertificateJob, b: CertificateJob): number {
  return (a.issued?.notAfterMs ?? 0) - (b.issued?.notAfterMs ?? 0);
}

/** What operators are shown of it. Times are by the wall clock. */
export type JobFacts = {
  readonly name: string;
  readonly directory: string;
  readonly state: 'obtained' | 'ordering' | 'waiting';
  readonly notAfterMs: number | undefined;
  readonly renewMs: number | undefined;
  readonly failures: number;
  readonly error: string;
  /** When it is tried again, after a failure. */
  readonly againMs: number | undefined;
};

/** What operators are shown of a job at `nowMs` of the clock that never jumps, which is `wallMs` by the wall clock. */
export function factsOf(job: CertificateJob, at: { readonly nowMs: number; readonly wallMs: number }): JobFacts {
  const { settings, domain, issued, failures, error, restMs, ordering } = job;
  return {
    name: domain,
    directory: settings.directory,
    state: ordering ? 'ordering' : issued === undefined ? 'waiting' : 'obtained',
    notAfterMs: issued?.notAfterMs,
    renewMs: issued === undefined ? undefined : dueMs(job),
    failures,
    error,
    againMs: failures === 0 ? undefined : at.wallMs + Math.max(0, restMs - at.nowMs),
  };
}
