import type { Settlement } from '../../resilience/admission.ts';
import {
  DURATION_CELLS,
  durationCell,
  OUTCOMES,
  type Outcome,
  SLI,
  type Sli,
  TOTALS,
  type Total,
} from '../../table/worker-block.ts';
import type { RequestHead } from '../message/request-head.ts';
import { accessRecord, refusalRecord } from './access-record.ts';
import type { Attempt, Ending, Exchange, Refused } from './exchange.ts';
import { unansweredBy } from './judge.ts';
import type { PathDeps } from './path-deps.ts';

const OUTCOME_INDEX = new Map(OUTCOMES.map((outcome, i) => [outcome, i] as const));
const TOTAL_INDEX = new Map(TOTALS.map((total, i) => [total, i] as const));

/** Writes down what happened: permits settled, cells counted, one line logged. */
export class Recorder {
  readonly #deps: PathDeps;

  constructor(deps: PathDeps) {
    this.#deps = deps;
  }

  /** Counts something about this thread as a whole. */
  count(total: Total): void {
    const { totals } = this.#deps.block;
    const index = TOTAL_INDEX.get(total) as number;
    totals[index] = (totals[index] as number) + 1;
  }

  /** One more upgraded stream is open, or one fewer. */
  stream(change: 1 | -1): void {
    const { openStreams } = this.#deps.block;
    openStreams[0] = (openStreams[0] as number) + change;
  }

  /** Ends one attempt: its permit, and its outcome in the table. */
  settle(attempt: Attempt, settlement: Settlement, outcome: Outcome, nowMs?: number): void {
    attempt.outcome = outcome;
    const { outcomes } = this.#deps.block;
    const cell = attempt.permit.target.row * OUTCOMES.length + (OUTCOME_INDEX.get(outcome) as number);
    outcomes[cell] = (outcomes[cell] as number) + 1;
    attempt.permit.settle(settlement, nowMs);
  }

  /**
   * The same of one that was answered with an error. One that had no room is well: breakers and health would take it away and so
   * fill the next.
   */
  settleError(attempt: Attempt, nowMs: number): void {
    if (attempt.overloaded) this.settle(attempt, 'abandoned', 'overloaded', nowMs);
    else this.settle(attempt, 'failure', 'error-status', nowMs);
  }

  firstByte(attempt: Attempt): void {
    const { firstByteSumMs, firstByteCount } = this.#deps.block;
    const { row } = attempt.permit.target;
    firstByteSumMs[row] = (firstByteSumMs[row] as number) + attempt.firstByteMs;
    firstByteCount[row] = (firstByteCount[row] as number) + 1;
  }

  /**
   * Counts the client's request, once, under the endpoint that it ended at. A client that left got neither a success nor
   * an error from us, and is counted apart, unless it left because nobody answered: that is an error.
   */
  record(exchange: Exchange, last: Attempt | undefined, ending: Ending, nowMs = this.#deps.clock.nowMs()): void {
    if (exchange.recorded) return;
    exchange.recorded = true;
    const { block, unplacedRow, accessLog } = this.#deps;
    const tookMs = nowMs - exchange.startMs;
    const silent = ending.how === 'client-gone' ? unansweredBy(exchange) : undefined;
    const row = (silent ?? last)?.permit.target.row ?? unplacedRow;
    if (ending.how === 'client-gone' && silent === undefined) this.count('client-gone');
    else {
      const column = sliOf(ending, false) === 'good' ? block.requestsSuccess : block.requestsError;
      column[row] = (column[row] as number) + 1;
      const cell = row * DURATION_CELLS + durationCell(tookMs);
      block.durations[cell] = (block.durations[cell] as number) + 1;
      block.durationSumMs[row] = (block.durationSumMs[row] as number) + tookMs;
    }
    this.#indicate(exchange, sliOf(ending, silent !== undefined), tookMs);
    if (ending.how === 'broken') this.count('body-broken');
    accessLog?.(accessRecord(exchange, ending, tookMs));
  }

  /** A request that no service took: it is counted, and logged like any other. */
  refused(head: RequestHead, clientAddress: string, fault: Refused): void {
    this.count(fault.kind === 'loop' ? 'loop' : 'bad-request');
    this.#deps.accessLog?.(refusalRecord(head, clientAddress, fault));
  }

  /** The service level indicator: one addition to a cell of the service. */
  #indicate(exchange: Exchange, became: Sli, tookMs: number): void {
    const { sli, chaosBad } = this.#deps.block;
    const { slot } = exchange.view;
    const touched = exchange.chaos !== '';
    const cell = slot * SLI.length + SLI.indexOf(touched ? 'excluded' : became);
    sli[cell] = (sli[cell] as number) + 1;
    if (touched && this.#isHarm(exchange, became, tookMs)) chaosBad[slot] = (chaosBad[slot] as number) + 1;
  }

  /** Whether an experiment has done harm: a bad answer, none that the client waited for, or one that came too late. */
  #isHarm({ attempts, startMs }: Exchange, became: Sli, tookMs: number): boolean {
    if (became !== 'good') return true;
    const answered = attempts.findLast(({ status }) => status !== 0);
    const headMs = answered === undefined ? tookMs : answered.sentMs + answered.firstByteMs - startMs;
    return headMs > this.#deps.world().topology.chaos.guard.latencyMs;
  }
}

function sliOf({ how, status, wished }: Ending, unanswered: boolean): Sli {
  if (how === 'client-gone') return unanswered ? 'bad' : 'aborted';
  return how === 'complete' && (status < 500 || wished === true) ? 'good' : 'bad';
}
