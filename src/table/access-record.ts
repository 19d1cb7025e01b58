import type { Quality } from './quality.ts';
import type { Outcome } from './worker-block.ts';

/**
 * One client request as the access log tells it, with the decision that was made for it. Edge threads make one when it
 * has ended, and only if the log wants it. Times are milliseconds, scores 0 to 1.
 */
export type AccessRecord = {
  readonly requestId: string;
  /** The trace that it belongs to: 32 hexadecimal digits; empty for one that was refused before. */
  readonly traceId: string;
  readonly clientAddress: string;
  /** ISO 3166-1 alpha-2; empty where it is not known. */
  readonly country: string;
  readonly service: string;
  readonly method: string;
  readonly host: string;
  /** As the client wrote it. Its query may hold secrets: the log never writes it. */
  readonly target: string;
  readonly priority: string;
  /** The status that the client got; 499 when it had left before. */
  readonly status: number;
  /** `broken`: the answer stopped in the middle because the endpoint broke off. */
  readonly how: 'complete' | 'broken' | 'client-gone';
  readonly tookMs: number;
  /** Bytes of the bodies of the request and of the answer. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** What the client spoke: `1.0`, `1.1`, and the version of TLS, empty without it. */
  readonly httpVersion: string;
  readonly tls: string;
  readonly userAgent: string | undefined;
  /** How well a service with a ladder answered; `none` for a refusal, undefined where there is no ladder. */
  readonly quality?: Quality | 'none' | undefined;
  /** The experiments that touched it, by name, with commas between; undefined when none did. */
  readonly chaos?: string | undefined;
  /** Every attempt, in order; the last is the one that answered, if any did. */
  readonly attempts: readonly AccessAttempt[];
};

/** One attempt at one endpoint. */
export type AccessAttempt = {
  readonly endpoint: string;
  /** Undefined while it has not ended: its answer was cut short by the end of the request. */
  readonly outcome: Outcome | undefined;
  /** The status that the endpoint answered with; 0 when it did not. */
  readonly status: number;
  /** From the start of the try to the first byte of its answer; undefined when there was none. */
  readonly firstByteMs: number | undefined;
  readonly score: number;
  /** The one that would have been chosen next, by score; undefined when there was none. */
  readonly runnerUp: { readonly endpoint: string; readonly score: number } | undefined;
  /** Whether it was tried although it was down, because nothing else was left. */
  readonly panic: boolean;
  /** The library's own error code or message; undefined when it did not fail. */
  readonly cause: string | undefined;
};
