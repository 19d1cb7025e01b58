import type { Endpoint } from '../../config/topology.ts';
import type { Live } from '../../routing/ask.ts';
import type { Clock, Random } from '../../table/clock.ts';
import type { Deadlines } from '../../table/deadlines.ts';
import { countCell, SERVICE_CELLS, type ServiceCount } from '../../table/service-cells.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';
import { MIRROR_FIELD, mirrorHead } from '../message/mirror-head.ts';
import type { Exchange } from '../request/exchange.ts';
import type { MirrorTarget } from '../request/mirror-target.ts';
import { MirrorCall } from './mirror-call.ts';
import type { PerEndpoint } from './per-endpoint.ts';
import type { UpstreamPool } from './pool.ts';

/** Bytes of bodies of copies under way, per edge thread. */
export const MIRROR_BYTES_MAX = 8 * 1024 * 1024;
/** A thread whose event loop is this late, in the median of a second, has better things to do than copies. */
export const MIRROR_LAG_MAX_MS = 20;

/** The body of a request: whether all of it is here and was kept, and its pieces as they went out; one that came with its head may be a text. */
export type MirrorBody = {
  readonly ended: boolean;
  readonly replayable: boolean;
  readonly text?: string;
  readonly kept: readonly Buffer[];
};

/** The head of a request as an endpoint gets it. */
export type TextOf = (exchange: Exchange, endpoint: Endpoint) => string;

export type MirrorsDeps = {
  readonly pools: PerEndpoint<UpstreamPool>;
  readonly deadlines: Deadlines;
  readonly live: Live;
  readonly block: WorkerBlock;
  readonly clock: Clock;
  readonly random: Random;
};

/**
 * Sends copies of requests to the mirrors of their services, once they have been answered: by then all is known of a request, and
 * nothing that is done for its copy can be in its way. A body is what is still kept of it for another attempt, so that nothing
 * is kept for copies alone until they are under way.
 */
export class Mirrors {
  readonly #deps: MirrorsDeps;
  #bytes = 0;

  constructor(deps: MirrorsDeps) {
    this.#deps = deps;
  }

  /** The head of an answer has come for this request, whose service may have a mirror. */
  answered(exchange: Exchange, given: MirrorBody, textOf: TextOf): void {
    const { head, view, state } = exchange;
    const target = state.mirror;
    if (target === undefined) return;
    const { policy } = target;
    if (!policy.methods.includes(head.method) || head.upgrade !== undefined) return;
    if (this.#deps.random() >= policy.share) return;
    const reason = this.#obstacle(exchange, target, given);
    if (reason !== undefined) return this.#count(view.slot, reason);
    const { live, clock, random, pools, deadlines } = this.#deps;
    const endpoint = target.choose(exchange, live, { nowMs: clock.nowMs(), random });
    if (endpoint === undefined) return this.#count(view.slot, 'mirror-nobody');
    const body = bodyOf(given);
    const { host } = endpoint;
    const request = {
      head: mirrorHead(textOf(exchange, endpoint), { host, passesCredentials: policy.passesCredentials }),
      body,
      method: head.method,
      timeoutMs: policy.timeoutMs,
    };
    const bytes = body?.length ?? 0;
    target.underWay += 1;
    this.#bytes += bytes;
    const pool = pools.of(target.view.service, endpoint);
    new MirrorCall({ pool, deadlines }, request, (good) => {
      target.underWay -= 1;
      this.#bytes -= bytes;
      this.#count(view.slot, good ? 'mirror-answered' : 'mirror-failed');
    }).launch();
  }

  /** Why a request that was drawn is not mirrored. */
  #obstacle({ head }: Exchange, { policy, underWay }: MirrorTarget, body: MirrorBody): ServiceCount | undefined {
    if (head.fields.first(MARK) !== undefined) return 'mirror-marked';
    if ((this.#deps.block.loopLateMs[0] as number) > MIRROR_LAG_MAX_MS) return 'mirror-late';
    if (underWay >= policy.concurrentMax) return 'mirror-busy';
    if (!body.ended || !body.replayable) return 'mirror-no-body';
    const bytes = body.kept.reduce((sum, piece) => sum + piece.length, body.text?.length ?? 0);
    if (bytes > policy.bodyBytesMax) return 'mirror-no-body';
    return this.#bytes + bytes > MIRROR_BYTES_MAX ? 'mirror-busy' : undefined;
  }

  #count(slot: number, of: ServiceCount): void {
    const { services } = this.#deps.block;
    const cell = slot * SERVICE_CELLS + countCell(of);
    services[cell] = (services[cell] as number) + 1;
  }
}

const MARK = MIRROR_FIELD.toLowerCase();

function bodyOf({ text = '', kept }: MirrorBody): Buffer | undefined {
  if (text !== '') return Buffer.from(text, 'latin1');
  return kept.length === 0 ? undefined : Buffer.concat(kept);
}
