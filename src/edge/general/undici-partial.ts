import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import type { Fault } from '../../resilience/fault.ts';
import type { PartialPlan } from '../../table/fault-plan.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { headerOf } from '../message/request-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { AttemptHandler, UndiciAttempt } from './undici-attempt.ts';

/** A JSON answer is held back whole to be shortened, up to this size and for this long; after that it is cut off. */
export const HOLD_BYTES_MAX = 1024 * 1024;
export const HOLD_MS = 2000;
/** Bytes that all such answers of a thread may hold together; one that comes beyond is cut off instead. */
export const HELD_BYTES_MAX = 32 * 1024 * 1024;

let heldInAll = 0;

/** Bytes that are held in this thread now. */
export function heldBytes(): number {
  return heldInAll;
}

/** What is kept of an answer that is cut off is given this long to leave before the connection breaks. */
const LINGER_MS = 50;

type Controller = Dispatcher.DispatchController;

/**
 * Stands between an attempt and its handler and makes the answer partial. A JSON array loses its last items and is a whole
 * answer still. Anything else, and anything that does not end, keeps its head and the first share of its bytes, and
 * then breaks off: its length, or its missing last chunk, tells the client. Answers without a body and those that are
 * no success are left alone.
 */
export class PartialAnswer implements AttemptHandler {
  readonly exchange: Exchange;
  readonly #handler: AttemptHandler;
  readonly #plan: PartialPlan;
  #mode: 'through' | 'hold' | 'cut' | 'breaking' = 'through';
  #current: UndiciAttempt | undefined;
  #head: AnswerHead | undefined;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that may still pass; undefined until the first chunk of a body of unknown length. */
  #leftBytes: number | undefined;
  #timer: Timer | undefined;

  constructor(handler: AttemptHandler, plan: PartialPlan) {
    this.exchange = handler.exchange;
    this.#handler = handler;
    this.#plan = plan;
  }

  answered(current: UndiciAttempt, head: AnswerHead): void {
    this.#current = current;
    this.#head = head;
    const length = lengthOf(head);
    if (!this.#applies(head, length)) return this.#handler.answered(current, head);
    if (isPlainJson(head) && (length ?? 0) <= HOLD_BYTES_MAX) {
      this.#mode = 'hold';
      this.#timer = startTimer(HOLD_MS, PartialAnswer.heldTooLong, this);
      return;
    }
    this.#leftBytes = length === undefined ? undefined : Math.floor(length * this.#plan.keep);
    this.#startCut(current, head);
    if (this.#leftBytes === 0) this.#breakOff();
  }

  data(controller: Controller, chunk: Buffer): void {
    if (this.#mode === 'through') return this.#handler.data(controller, chunk);
    if (this.#mode === 'cut') return this.#pass(controller, chunk);
    if (this.#mode === 'breaking') return;
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    heldInAll += chunk.length;
    if (this.#heldBytes > HOLD_BYTES_MAX || heldInAll > HELD_BYTES_MAX) this.#cutHeld(controller);
  }

  complete(attempt: Attempt, trailers: readonly string[], controller: Controller): void {
    stopTimer(this.#mode === 'hold' ? this.#timer : undefined);
    if (this.#mode === 'through' || this.#mode === 'cut') return this.#handler.complete(attempt, trailers, controller);
    if (this.#mode === 'breaking') return;
    const shortened = this.#plan.shorten(Buffer.concat(this.#held));
    if (shortened === undefined) return this.#cutHeld(controller);
    this.#letGo();
    this.#handler.sabotaged(this.#plan.experiment, 'partial');
    const head = this.#head as AnswerHead;
    this.#handler.answered(this.#current as UndiciAttempt, { ...head, headers: headersOf(head, shortened.length) });
    this.#handler.data(controller, shortened);
    this.#handler.complete(attempt, [], controller);
  }

  stale(): boolean {
    return this.#handler.stale();
  }

  failed(attempt: Attempt, fault: Fault): void {
    if (this.#mode === 'breaking') return;
    stopTimer(this.#timer);
    this.#letGo();
    this.#handler.failed(attempt, fault);
  }

  interim(head: AnswerHead): void {
    this.#handler.interim(head);
  }

  /** What an upgrade carries is nobody's to cut. */
  upgraded(current: UndiciAttempt, head: AnswerHead, socket: Socket): void {
    this.#handler.upgraded(current, head, socket);
  }

  patienceExpired(attempt: Attempt): void {
    this.#handler.patienceExpired(attempt);
  }

  clientStalled(): void {
    this.#handler.clientStalled();
  }

  sabotaged(experiment: string, kind: ChaosKind): void {
    this.#handler.sabotaged(experiment, kind);
  }

  static heldTooLong(this: void, self: PartialAnswer): void {
    const controller = self.#current?.controller;
    if (self.#mode === 'hold' && self.#current?.over === false && controller !== undefined) self.#cutHeld(controller);
    else self.#letGo();
  }

  #applies({ status }: AnswerHead, length: number | undefined): boolean {
    const hasBody = this.exchange.head.method !== 'HEAD' && status !== 204 && status !== 205 && length !== 0;
    return hasBody && status >= 200 && status < 300 && this.#plan.keep < 1;
  }

  #startCut(current: UndiciAttempt, head: AnswerHead): void {
    this.#mode = 'cut';
    this.#handler.sabotaged(this.#plan.experiment, 'partial');
    this.#handler.answered(current, head);
  }

  #pass(controller: Controller, chunk: Buffer): void {
    const left = this.#leftBytes ?? Math.floor(chunk.length * this.#plan.keep);
    const passed = chunk.subarray(0, left);
    this.#leftBytes = left - passed.length;
    if (passed.length > 0) this.#handler.data(controller, passed);
    if (this.#leftBytes === 0) this.#breakOff();
  }

  /** What was held is no array, or too much: the first share of it goes out, and no more. */
  #cutHeld(controller: Controller): void {
    stopTimer(this.#timer);
    const body = Buffer.concat(this.#held);
    this.#letGo();
    this.#leftBytes = Math.floor((lengthOf(this.#head as AnswerHead) ?? body.length) * this.#plan.keep);
    this.#startCut(this.#current as UndiciAttempt, this.#head as AnswerHead);
    if (this.#leftBytes > 0 && body.length > 0) this.#pass(controller, body);
    else if (this.#leftBytes === 0) this.#breakOff();
  }

  #letGo(): void {
    heldInAll -= this.#heldBytes;
    this.#heldBytes = 0;
    this.#held.length = 0;
  }

  #breakOff(): void {
    this.#mode = 'breaking';
    this.#current?.controller?.pause();
    this.#timer = startTimer(LINGER_MS, PartialAnswer.broken, this);
  }

  static broken(this: void, self: PartialAnswer): void {
    const current = self.#current as UndiciAttempt;
    current.cancel();
    const cause = `cut off by the experiment ${self.#plan.experiment}`;
    self.#handler.failed(current.attempt, { kind: 'reset', sent: 'some', cause });
  }
}

/** What says of the whole body something that is not so of a part of it, or would let a cache keep the part. */
const ABOUT_THE_WHOLE: ReadonlySet<string> = new Set([
  'content-length',
  'etag',
  'last-modified',
  'digest',
  'content-digest',
  'repr-digest',
  'content-md5',
  'accept-ranges',
  'cache-control',
  'expires',
]);

function headersOf({ headers }: AnswerHead, length: number): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!ABOUT_THE_WHOLE.has(name.toLowerCase())) kept.push(name, headers[i + 1] as string);
  }
  kept.push('Content-Length', String(length), 'Cache-Control', 'no-store');
  return kept;
}

function lengthOf({ headers }: AnswerHead): number | undefined {
  const text = headerOf(headers, 'content-length');
  return text === undefined ? undefined : Number(text);
}

/** `application/json` or `+json`, not compressed, and the whole of it. */
function isPlainJson({ status, headers }: AnswerHead): boolean {
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  const type = headerOf(headers, 'content-type') ?? '';
  return status !== 206 && encoding === 'identity' && /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}
