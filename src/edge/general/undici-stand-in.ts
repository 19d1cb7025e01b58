import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import { WholeAnswer } from './undici-whole.ts';

/** Answers in place of an endpoint, as undici would report the endpoint's own answer: a status and a line of text. */
export function standIn(handler: Dispatcher.DispatchHandler, answer: StandIn): void {
  const body = Buffer.from(`${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}: ${answer.text}\n`, 'latin1');
  const controller = new WholeAnswer([
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

export type StandIn = { readonly status: number; readonly text: string; readonly method: string };
