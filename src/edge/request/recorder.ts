import type { Verdict } from '../../resilience/admission.ts';
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

  /** Ends one try: its permit, and its outcome in the table. */
  settle(attempt: Attempt, verdict: Verdict, outcome: Outcome, nowMs?: number): void {
    attempt.outcome = outcome;
    const { outcomes } = this.#deps.block;
    const cell = attempt.permit.target.row * OUTCOMES.length + (OUTCOME_INDEX.get(outcome) as number);
    outcomes[cell] = (outcomes[cell] as number) + 1;
    attempt.permit.settle(verdict, nowMs);
  }

  firstByte(attempt: Attempt): void {
    const { firstByteSumMs, firstByteCount } = this.#deps.block;
    const { row } = attempt.permit.target;
    firstByteSumMs[row] = (firstByteSumMs[row] as number) + attempt.firstByteMs;
    firstByteCount[row] = (firstByteCount[row] as number) + 1;
  }

  /**
   * Counts the client's request, once, under the endpoint that it ended at. A client that left got neither a success nor
   * an error from us, and is counted apart.
   */
  record(exchange: Exchange, last: Attempt | undefined, ending: Ending, nowMs = this.#deps.clock.nowMs()): void {
    if (exchange.recorded) return;
    exchange.recorded = true;
    const { block, unplacedRow, accessLog } = this.#deps;
    const tookMs = nowMs - exchange.startMs;
    const row = last?.permit.target.row ?? unplacedRow;
    if (ending.how === 'client-gone') this.count('client-gone');
    else {
      const column = sliOf(ending) === 'good' ? block.requestsSuccess : block.requestsError;
      column[row] = (column[row] as number) + 1;
      const cell = row * DURATION_CELLS + durationCell(tookMs);
      block.durations[cell] = (block.durations[cell] as number) + 1;
      block.durationSumMs[row] = (block.durationSumMs[row] as number) + tookMs;
    }
    this.#indicate(exchange, ending);
    if (ending.how === 'broken') this.count('body-broken');
    accessLog?.(accessRecord(exchange, ending, tookMs));
  }

  /** A request that no service took: it is counted, and logged like any other. */
  refused(head: RequestHead, clientAddress: string, fault: Refused): void {
    this.count(fault.kind === 'loop' ? 'loop' : 'bad-request');
    this.#deps.accessLog?.(refusalRecord(head, clientAddress, fault));
  }

  /** The service level indicator: one addition to a cell of the service. */
  #indicate(exchange: Exchange, ending: Ending): void {
    const { sli, chaosBad } = this.#deps.block;
    const { slot } = exchange.view;
    const became = sliOf(ending);
    const cell = slot * SLI.length + SLI.indexOf(exchange.chaos === '' ? became : 'excluded');
    sli[cell] = (sli[cell] as number) + 1;
    if (exchange.chaos !== '' && became === 'bad') chaosBad[slot] = (chaosBad[slot] as number) + 1;
  }
}

function sliOf({ how, status, wished }: Ending): Sli {
  if (how === 'client-gone') return 'aborted';
  return how === 'complete' && (status < 500 || wished === true) ? 'good' : 'bad';
}
