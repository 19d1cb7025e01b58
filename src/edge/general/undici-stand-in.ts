import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';

/** Answers in place of an endpoint, as undici would report the endpoint's own answer: a status and a line of text. */
export function standIn(handler: Dispatcher.DispatchHandler, answer: StandIn): void {
  const body = Buffer.from(`${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}: ${answer.words}\n`, 'latin1');
  const controller = new StandInController([
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
  ]);
  handler.onRequestStart?.(controller, {});
  handler.onResponseStart?.(controller, answer.status, {}, STATUS_CODES[answer.status] ?? '');
  if (answer.method !== 'HEAD') handler.onResponseData?.(controller, body);
  handler.onResponseEnd?.(controller, {});
}

export type StandIn = { readonly status: number; readonly words: string; readonly method: string };

/** Everything is here at once, so there is nothing to pause or to break off. */
class StandInController implements Dispatcher.DispatchController {
  readonly rawHeaders: string[];
  readonly rawTrailers: string[] = [];
  readonly paused = false;
  aborted = false;
  reason: Error | null = null;

  constructor(rawHeaders: string[]) {
    this.rawHeaders = rawHeaders;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }

  pause(): void {}

  resume(): void {}
}
