import type { Fault } from '../../resilience/fault.ts';
import { ByteBudget } from '../../table/byte-budget.ts';
import type { PartialPlan } from '../../table/fault-plan.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { contentLengthOf, headerOf } from '../message/request-head.ts';
import type { UpstreamAttempt } from '../upstream/attempt.ts';
import type { AnswerTaker } from './answer-taker.ts';

/** A JSON answer is held back whole to be shortened, up to this size and for this long; after that it is cut off. */
export const HOLD_BYTES_MAX = 1024 * 1024;
export const HOLD_MS = 2000;
/** Bytes that all such answers of a thread may hold together; one that comes beyond is cut off instead. */
export const HELD_BYTES_MAX = 32 * 1024 * 1024;

const HELD = new ByteBudget(HELD_BYTES_MAX);

/** Bytes that are held in this thread now. */
export function heldBytes(): number {
  return HELD.taken;
}

/** What is kept of an answer that is cut off is given this long to leave before the connection breaks. */
const LINGER_MS = 50;

/** Whose answer it is. */
type Partial = AnswerTaker & {
  /** An experiment has put a fault into the attempt. */
  sabotaged(experiment: string): void;
};

/**
 * Stands between an attempt and whoever takes its answer, and makes the answer partial. A JSON array loses its last items and is a whole
 * answer still. Anything else, and anything that does not end, keeps its head and the first share of its bytes, and
 * then breaks off: its length, or its missing last chunk, tells the client. Answers without a body and those without a status
 * of success are left alone.
 */
export class PartialAnswer implements AnswerTaker {
  readonly #taker: Partial;
  readonly #method: string;
  readonly #plan: PartialPlan;
  #mode: 'through' | 'hold' | 'cut' | 'breaking' = 'through';
  #one: UpstreamAttempt | undefined;
  #head: AnswerHead | undefined;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that may still pass; undefined until the first chunk of a body of unknown length. */
  #leftBytes: number | undefined;
  #timer: Timer | undefined;

  /** `method` is the request's. */
  constructor(taker: Partial, method: string, plan: PartialPlan) {
    this.#taker = taker;
    this.#method = method;
    this.#plan = plan;
  }

  takeHead(one: UpstreamAttempt, head: AnswerHead): void {
    this.#one = one;
    this.#head = head;
    const length = contentLengthOf(head.headers);
    if (!this.#applies(head, length)) return this.#taker.takeHead(one, head);
    if (isPlainJson(head) && (length ?? 0) <= HOLD_BYTES_MAX) {
      this.#mode = 'hold';
      this.#timer = startTimer(HOLD_MS, PartialAnswer.heldTooLong, this);
      return;
    }
    this.#leftBytes = length === undefined ? undefined : Math.floor(length * this.#plan.keep);
    this.#startCut(one, head);
    if (this.#leftBytes === 0) this.#breakOff();
  }

  takeData(one: UpstreamAttempt, chunk: Buffer): void {
    if (this.#mode === 'through') return this.#taker.takeData(one, chunk);
    if (this.#mode === 'cut') return this.#pass(one, chunk);
    if (this.#mode === 'breaking') return;
    this.#held.push(chunk);
    if (this.#heldBytes + chunk.length > HOLD_BYTES_MAX || !HELD.take(chunk.length)) return this.#cutHeld(one);
    this.#heldBytes += chunk.length;
  }

  takeEnd(one: UpstreamAttempt, trailers: readonly string[]): void {
    stopTimer(this.#mode === 'hold' ? this.#timer : undefined);
    if (this.#mode === 'through' || this.#mode === 'cut') return this.#taker.takeEnd(one, trailers);
    if (this.#mode === 'breaking') return;
    const shortened = this.#plan.shorten(Buffer.concat(this.#held));
    if (shortened === undefined) return this.#cutHeld(one);
    this.#letGo();
    this.#taker.sabotaged(this.#plan.experiment);
    const head = this.#head as AnswerHead;
    const { status, reason } = head;
    this.#taker.takeHead(one, { status, reason, headers: headersOf(head, shortened.length) });
    this.#taker.takeData(one, shortened);
    this.#taker.takeEnd(one, []);
  }

  takeFault(one: UpstreamAttempt, fault: Fault): void {
    if (this.#mode === 'breaking') return;
    stopTimer(this.#timer);
    this.#letGo();
    this.#taker.takeFault(one, fault);
  }

  static heldTooLong(this: void, self: PartialAnswer): void {
    const one = self.#one;
    if (self.#mode === 'hold' && one?.attempt !== undefined) self.#cutHeld(one);
    else self.#letGo();
  }

  #applies({ status }: AnswerHead, length: number | undefined): boolean {
    const hasBody = this.#method !== 'HEAD' && status !== 204 && status !== 205 && length !== 0;
    return hasBody && status >= 200 && status < 300 && this.#plan.keep < 1;
  }

  #startCut(one: UpstreamAttempt, head: AnswerHead): void {
    this.#mode = 'cut';
    this.#taker.sabotaged(this.#plan.experiment);
    this.#taker.takeHead(one, head);
  }

  #pass(one: UpstreamAttempt, chunk: Buffer): void {
    const left = this.#leftBytes ?? Math.floor(chunk.length * this.#plan.keep);
    const passed = chunk.subarray(0, left);
    this.#leftBytes = left - passed.length;
    if (passed.length > 0) this.#taker.takeData(one, passed);
    if (this.#leftBytes === 0) this.#breakOff();
  }

  /** What was held is no array, or too much: the first share of it goes out, and no more. */
  #cutHeld(one: UpstreamAttempt): void {
    stopTimer(this.#timer);
    const body = Buffer.concat(this.#held);
    this.#letGo();
    this.#leftBytes = Math.floor(
      (contentLengthOf((this.#head as AnswerHead).headers) ?? body.length) * this.#plan.keep,
    );
    this.#startCut(one, this.#head as AnswerHead);
    if (this.#leftBytes > 0 && body.length > 0) this.#pass(one, body);
    else if (this.#leftBytes === 0) this.#breakOff();
  }

  #letGo(): void {
    HELD.give(this.#heldBytes);
    this.#heldBytes = 0;
    this.#held.length = 0;
  }

  #breakOff(): void {
    this.#mode = 'breaking';
    this.#one?.pause();
    this.#timer = startTimer(LINGER_MS, PartialAnswer.broken, this);
  }

  static broken(this: void, self: PartialAnswer): void {
    const one = self.#one;
    if (one?.attempt === undefined) return;
    const cause = `cut off by the experiment ${self.#plan.experiment}`;
    self.#taker.takeFault(one, { kind: 'reset', sent: 'some', cause });
  }
}

/** Fields that are true of the whole body only, or would let a cache keep a part of it. */
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

/** `application/json` or `+json`, not compressed, and the whole of it. */
function isPlainJson({ status, headers }: AnswerHead): boolean {
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  const type = headerOf(headers, 'content-type') ?? '';
  return status !== 206 && encoding === 'identity' && /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}
