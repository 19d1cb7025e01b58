import { STATUS_CODES } from 'node:http';
import type { Fault } from '../../resilience/fault.ts';
import { OVERDUE } from '../../resilience/overdue.ts';
import { Deadline, type Deadlines } from '../../table/deadlines.ts';
import type { FaultPlan } from '../../table/fault-plan.ts';
import type { OwnAnswer } from '../message/answer.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import { ruledHead } from '../request/ruled-head.ts';

/** Whose attempts are tampered with. */
export type Sabotaged = {
  /** The attempt may go on to its endpoint. */
  connect(): void;
  failed(fault: Fault): void;
  /** The attempt's patience has expired; it goes on, unless it is stopped. */
  patienceExpired(): void;
  /** This is the answer, instead of the endpoint's. */
  standIn(status: number, text: string): void;
};

export type SabotageDeps = { readonly pipeline: Pick<Pipeline, 'sabotaged'>; readonly deadlines: Deadlines };

/** What experiments do to an attempt before it is sent: they hold it back, or stand in for the endpoint. */
export class Sabotage {
  /** How long the attempt has been held back: a part of its patience, as a slow endpoint's time would be. */
  heldMs = 0;
  readonly #deps: SabotageDeps;
  readonly #sabotaged: Sabotaged;
  readonly #deadline: Deadline;
  #plan!: FaultPlan;
  #exchange!: Exchange;
  #attempt!: Attempt;
  #stopped = true;

  constructor(deps: SabotageDeps, sabotaged: Sabotaged) {
    this.#deps = deps;
    this.#sabotaged = sabotaged;
    this.#deadline = new Deadline(() => this.#due());
  }

  begin(plan: FaultPlan, exchange: Exchange, attempt: Attempt): void {
    this.heldMs = 0;
    this.#stopped = false;
    this.#plan = plan;
    this.#exchange = exchange;
    this.#attempt = attempt;
    for (const experiment of plan.delayedBy) this.#deps.pipeline.sabotaged(exchange, experiment, 'latency');
    this.#hold();
  }

  stop(): void {
    this.#deps.deadlines.disarm(this.#deadline);
    this.#stopped = true;
    this.heldMs = 0;
  }

  end(): void {
    this.#deps.deadlines.remove(this.#deadline);
  }

  #hold(): void {
    if (this.heldMs >= this.#plan.delayMs) return this.#go();
    const { firstByteMs } = this.#exchange.view.service.timeouts;
    this.#deps.deadlines.arm(
      this.#deadline,
      heldUntilMs(this.#plan, this.#attempt, firstByteMs, this.heldMs) - this.heldMs,
    );
  }

  #due(): void {
    const { firstByteMs } = this.#exchange.view.service.timeouts;
    const { patienceMs } = this.#attempt;
    this.heldMs = heldUntilMs(this.#plan, this.#attempt, firstByteMs, this.heldMs);
    if (this.heldMs >= firstByteMs) {
      return this.#sabotaged.failed(OVERDUE.waiting);
    }
    if (this.heldMs === patienceMs && this.heldMs < this.#plan.delayMs) this.#sabotaged.patienceExpired();
    if (!this.#stopped) this.#hold();
  }

  #go(): void {
    if (this.#plan.failure === undefined) return this.#sabotaged.connect();
    const { experiment, answer } = this.#plan.failure;
    const cause = `failed by the experiment ${experiment}`;
    this.#deps.pipeline.sabotaged(this.#exchange, experiment, 'failure');
    if (answer === 'refused') this.#sabotaged.failed({ kind: 'connect-refused', sent: 'nothing', cause });
    else if (answer === 'reset') this.#sabotaged.failed({ kind: 'reset', sent: 'some', cause });
    else this.#sabotaged.standIn(answer, cause);
  }
}

/**
 * Until when an attempt that is held back has to be looked at again, in ms since it began, if it has been held for `heldMs`: the end
 * of the delay, of its patience, or of the limit for a first byte, whichever comes next.
 */
export function heldUntilMs(
  { delayMs }: Pick<FaultPlan, 'delayMs'>,
  { patienceMs }: Pick<Attempt, 'patienceMs'>,
  firstByteMs: number,
  heldMs: number,
): number {
  const limitMs = Math.min(delayMs, firstByteMs);
  return heldMs < patienceMs ? Math.min(patienceMs, limitMs) : limitMs;
}

/** What answers in place of an endpoint that an experiment fails. */
export function standInAnswer(status: number, text: string, exchange: Exchange): OwnAnswer {
  const { requestId, chaos, attempts } = exchange;
  const said = { status, reason: '', headers: ['Cache-Control', 'no-store'] };
  const { headers: ruled } = ruledHead(said, exchange, attempts.at(-1));
  const headers = [...ruled, 'X-Request-Id', requestId, 'Chaos', chaos];
  return { status, headers, body: `${status} ${STATUS_CODES[status] ?? 'Error'}: ${text}\n` };
}

/** The head of such an answer where it is passed on as an endpoint's would be; its body has `bytes` bytes. */
export function standInHead(status: number, bytes: number): AnswerHead {
  const headers = [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(bytes),
    'Cache-Control',
    'no-store',
  ];
  return { status, reason: STATUS_CODES[status] ?? '', headers };
}
