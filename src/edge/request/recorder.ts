import type { Settlement } from '../../resilience/admission.ts';
import { FAULT_STATUS } from '../../resilience/fault.ts';
import { countryCell } from '../../table/country-cells.ts';
import { EXEMPLAR_EVERY_MS, writeExemplar } from '../../table/exemplars.ts';
import {
  bucketsAt,
  countCell,
  DURATION_CELLS,
  durationCell,
  SERVICE_CELLS,
  type ServiceCount,
  type ServiceTime,
  statusClassCell,
  sumCell,
} from '../../table/service-cells.ts';
import { HTTP_VERSIONS, OUTCOMES, type Outcome, SLI, type Sli, TOTALS, type Total } from '../../table/worker-block.ts';
import type { RequestHead } from '../message/request-head.ts';
import { accessRecord, type Logged, refusalRecord } from './access-record.ts';
import type { Attempt, Ending, Exchange, Refused } from './exchange.ts';
import { freshId } from './fresh-ids.ts';
import { unansweredBy } from './judge.ts';
import type { PathDeps } from './path-deps.ts';
import { traceparentOf } from './traceparent.ts';

/** What is known of a request that is turned away as it comes. */
export type TurnedAway = Pick<
  Exchange,
  'head' | 'requestId' | 'clientAddress' | 'trustedPeer' | 'startMs' | 'view' | 'priority' | 'whereabouts'
>;

const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, i])) as Record<Outcome, number>;
const SUCCESS = OUTCOMES.indexOf('success');
const TOTAL_INDEX = new Map(TOTALS.map((total, i) => [total, i] as const));

const BAD = SLI.indexOf('bad');
const SHED = countCell('shed');
const SHED_ENDING: Ending = { status: FAULT_STATUS.shed, how: 'complete' };
const RETRIES = countCell('retry');
const CLIENTS_GONE = countCell('client-gone');
const FENCED = countCell('fenced');
const FENCE_REFUSALS = countCell('fence-refusal');
const HEDGES = countCell('hedge');
const DEADLINES = countCell('deadline');
const COOKIES_IGNORED = {
  forged: countCell('cookie-forged'),
  expired: countCell('cookie-expired'),
  gone: countCell('cookie-gone'),
} as const;
const HAND_OVERS = countCell('hand-over');
const CACHE_HITS = countCell('cache-hit');
const CACHE_MISSES = countCell('cache-miss');
const BYTES_IN = countCell('bytes-in');
const BYTES_OUT = countCell('bytes-out');
const REQUEST_BUCKETS = bucketsAt('request');
const REQUEST_SUM = sumCell('request');
const FIRST_BYTE_BUCKETS = bucketsAt('first-byte');
const FIRST_BYTE_SUM = sumCell('first-byte');

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

  /** A request has begun, which `record` ends. */
  began(version: RequestHead['version']): void {
    const { requestsNow, versions } = this.#deps.block;
    requestsNow[0] = (requestsNow[0] as number) + 1;
    const cell = HTTP_VERSIONS.indexOf(version);
    versions[cell] = (versions[cell] as number) + 1;
  }

  retried(exchange: Exchange): void {
    this.#add(exchange.view.slot * SERVICE_CELLS + RETRIES, 1);
  }

  /** The client of a request is one that only some endpoints may serve. */
  fenced(slot: number): void {
    this.#add(slot * SERVICE_CELLS + FENCED, 1);
  }

  /** A limit of its service has refused a request, or could not count its client. */
  limited({ view }: Exchange, count: ServiceCount): void {
    this.#add(view.slot * SERVICE_CELLS + countCell(count), 1);
  }

  /** A request is under way at two endpoints, and neither has been slow. */
  hedged({ view }: Exchange): void {
    this.#add(view.slot * SERVICE_CELLS + HEDGES, 1);
  }

  /** The time of a request has passed before it had its whole answer. */
  deadlinePassed({ view }: Exchange): void {
    this.#add(view.slot * SERVICE_CELLS + DEADLINES, 1);
  }

  /** A cookie that would have kept a client with an endpoint was not believed. */
  cookieIgnored(slot: number, why: keyof typeof COOKIES_IGNORED): void {
    this.#add(slot * SERVICE_CELLS + COOKIES_IGNORED[why], 1);
  }

  /** None of these is left. */
  fenceRefused({ view }: Exchange): void {
    this.#add(view.slot * SERVICE_CELLS + FENCE_REFUSALS, 1);
  }

  /** A copy was looked for. */
  lookedUp({ view }: Exchange, found: 'hit' | 'miss'): void {
    this.#add(view.slot * SERVICE_CELLS + (found === 'hit' ? CACHE_HITS : CACHE_MISSES), 1);
  }

  /** A connection has gone to the general engine for a request of the service with this slot; undefined where none could be told. */
  handedOver(slot: number | undefined): void {
    if (slot === undefined) this.count('unread-hand-over');
    else this.#add(slot * SERVICE_CELLS + HAND_OVERS, 1);
  }

  /** An endpoint of the service with this slot was connected to; `tlsMs` is undefined where there is no TLS. */
  connected(slot: number | undefined, connectMs: number, tlsMs: number | undefined): void {
    if (slot === undefined) return;
    this.#time(slot, 'connect', connectMs);
    if (tlsMs !== undefined) this.#time(slot, 'tls', tlsMs);
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
    const cell =
      attempt.permit.target.row * OUTCOMES.length + (outcome === 'success' ? SUCCESS : OUTCOME_INDEX[outcome]);
    outcomes[cell] = (outcomes[cell] as number) + 1;
    attempt.permit.settle(settlement, nowMs, attempt);
  }

  /**
   * The same of one that was answered with an error. One that had no room is well: breakers and health would take it away and so
   * fill the next. One that has only agreed with another is not to blame: else one bad request would be held against all it is tried at.
   */
  settleError(attempt: Attempt, nowMs: number): void {
    if (attempt.overloaded) this.settle(attempt, 'abandoned', 'overloaded', nowMs);
    else if (attempt.agreed) this.settle(attempt, 'abandoned', 'agreed', nowMs);
    else this.settle(attempt, 'failure', 'error-status', nowMs);
  }

  firstByte(attempt: Attempt, slot: number): void {
    const { firstByteSumMs, firstByteCount } = this.#deps.block;
    const { row } = attempt.permit.target;
    const { firstByteMs } = attempt;
    firstByteSumMs[row] = (firstByteSumMs[row] as number) + firstByteMs;
    firstByteCount[row] = (firstByteCount[row] as number) + 1;
    const cells = slot * SERVICE_CELLS;
    this.#add(cells + FIRST_BYTE_BUCKETS + durationCell(firstByteMs), 1);
    this.#add(cells + FIRST_BYTE_SUM, firstByteMs);
  }

  /**
   * Counts the client's request, once, under the endpoint that it ended at. A client that left got neither a success nor
   * an error from us, and is counted apart, unless it left because nobody answered: that is an error.
   */
  record(exchange: Exchange, last: Attempt | undefined, ending: Ending, nowMs = this.#deps.clock.nowMs()): void {
    if (exchange.recorded) return;
    exchange.recorded = true;
    exchange.held?.release();
    const { block, unplacedRow, accessLog } = this.#deps;
    const tookMs = nowMs - exchange.startMs;
    const bucket = durationCell(tookMs);
    const silent = ending.how === 'client-gone' ? unansweredBy(exchange) : undefined;
    const row = (silent ?? last)?.permit.target.row ?? unplacedRow;
    const aborted = ending.how === 'client-gone' && silent === undefined;
    if (!aborted) {
      const column = sliOf(ending, false) === 'good' ? block.requestsSuccess : block.requestsError;
      column[row] = (column[row] as number) + 1;
      const cell = row * DURATION_CELLS + bucket;
      block.durations[cell] = (block.durations[cell] as number) + 1;
      block.durationSumMs[row] = (block.durationSumMs[row] as number) + tookMs;
    }
    this.#countForService(exchange, aborted ? 0 : ending.status, tookMs, bucket);
    this.#indicate(exchange, sliOf(ending, silent !== undefined), tookMs);
    if (ending.how === 'broken') this.count('body-broken');
    accessLog?.(accessRecord(exchange, ending, tookMs));
  }

  /** A request that was turned away at once, so that others are served: the same as `limited` and `record`, of one that nothing was made ready for. */
  turnedAway(request: TurnedAway): void {
    const { block, unplacedRow, accessLog } = this.#deps;
    this.began(request.head.version);
    this.#add(request.view.slot * SERVICE_CELLS + SHED, 1);
    block.requestsError[unplacedRow] = (block.requestsError[unplacedRow] as number) + 1;
    const cell = unplacedRow * DURATION_CELLS;
    block.durations[cell] = (block.durations[cell] as number) + 1;
    this.#countForService({ ...request, bytesIn: 0, bytesOut: 0 }, SHED_ENDING.status, 0, 0);
    const sli = request.view.slot * SLI.length + BAD;
    block.sli[sli] = (block.sli[sli] as number) + 1;
    if (accessLog !== undefined) accessLog(accessRecord(loggedOf(request), SHED_ENDING, 0));
  }

  /** A request that no service took: it is counted, and logged like any other. */
  refused(head: RequestHead, clientAddress: string, fault: Refused): void {
    this.count(fault.kind === 'loop' ? 'loop' : 'bad-request');
    this.#deps.accessLog?.(refusalRecord(head, clientAddress, fault));
  }

  /** `status` is 0 for a client that left: it got no answer, and how long it waited says nothing. */
  #countForService(exchange: Counted, status: number, tookMs: number, bucket: number): void {
    const { block } = this.#deps;
    const { slot } = exchange.view;
    const cells = slot * SERVICE_CELLS;
    block.requestsNow[0] = (block.requestsNow[0] as number) - 1;
    this.#add(cells + BYTES_IN, exchange.bytesIn);
    this.#add(cells + BYTES_OUT, exchange.bytesOut);
    const country = countryCell(exchange.whereabouts.country);
    block.countries[country] = (block.countries[country] as number) + 1;
    if (status === 0) return this.#add(cells + CLIENTS_GONE, 1);
    this.#add(cells + statusClassCell(status), 1);
    this.#add(cells + REQUEST_BUCKETS + bucket, 1);
    this.#add(cells + REQUEST_SUM, tookMs);
    const place = slot * DURATION_CELLS + bucket;
    const atMs = exchange.startMs + tookMs;
    const writtenMs = block.exemplarAtMs[place] as number;
    if (writtenMs === 0 || atMs - writtenMs >= EXEMPLAR_EVERY_MS) {
      writeExemplar(block, place, { requestId: exchange.requestId, ms: tookMs, atMs });
    }
  }

  /** For what is rare enough to look its cells up. */
  #time(slot: number, time: ServiceTime, ms: number): void {
    this.#add(slot * SERVICE_CELLS + bucketsAt(time) + durationCell(ms), 1);
    this.#add(slot * SERVICE_CELLS + sumCell(time), ms);
  }

  #add(cell: number, by: number): void {
    const { services } = this.#deps.block;
    services[cell] = (services[cell] as number) + by;
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

type Counted = Pick<Exchange, 'view' | 'bytesIn' | 'bytesOut' | 'whereabouts' | 'startMs' | 'requestId'>;

function loggedOf(request: TurnedAway): Logged {
  const { head, requestId, trustedPeer } = request;
  return {
    ...request,
    traceparent: traceparentOf(head.fields, { requestId, trustedPeer }, freshId),
    userAgent: head.fields.first('user-agent'),
    ...NOTHING_DONE,
  };
}

const NOTHING_DONE = { bytesIn: 0, bytesOut: 0, chaos: '', attempts: [] };

function sliOf({ how, status, wished }: Ending, unanswered: boolean): Sli {
  if (how === 'client-gone') return unanswered ? 'bad' : 'aborted';
  return how === 'complete' && (status < 500 || wished === true) ? 'good' : 'bad';
}
