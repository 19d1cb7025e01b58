import { type Fault, isFault } from '../../../resilience/fault.ts';
import type { Attempt, Exchange } from '../../request/exchange.ts';
import type { ServiceState } from '../../request/service-state.ts';
import { Deadline } from '../deadlines.ts';
import { interimHeadText, requestHeadText, responseHeadText } from '../grammar/head-text.ts';
import { RequestBody } from '../grammar/request-body.ts';
import { OVERDUE, troubleOf } from '../upstream/overdue.ts';
import { writeRequest } from '../upstream/request-writer.ts';
import type { UpstreamConnection, UpstreamOwner, UpstreamTrouble } from '../upstream/upstream-connection.ts';
import type { ConnectOwner } from '../upstream/upstream-pool.ts';
import type { WireDeps } from '../wire-deps.ts';
import { ownLines } from './answer-lines.ts';
import type { ClientConnection } from './client-connection.ts';
import { Sabotage, type Sabotaged, standInAnswer } from './sabotage.ts';

/**
 * What is being waited for: nothing; a connection; the rest of the request's body; a first byte, as long
 * as patience lasts and after that; the rest of the answer; a client that does not take it.
 */
type Phase = 'idle' | 'connecting' | 'uploading' | 'patient' | 'waiting' | 'answering' | 'stalled';

/**
 * One request at a time of one client's connection, on its way through the pipeline: takes connections to endpoints, sends,
 * and passes the answer on. Made once a connection and used again for each of its requests.
 */
export class Relay implements UpstreamOwner, ConnectOwner, Sabotaged {
  readonly body = new RequestBody();
  readonly #deps: WireDeps;
  readonly #client: ClientConnection;
  readonly #deadline: Deadline;
  #phase: Phase = 'idle';
  #exchange!: Exchange;
  #attempt: Attempt | undefined;
  #upstream: UpstreamConnection | undefined;
  #cancelConnect: (() => void) | undefined;
  /** Made when an experiment first touches a request of this connection. */
  #sabotage: Sabotage | undefined;

  constructor(deps: WireDeps, client: ClientConnection) {
    this.#deps = deps;
    this.#client = client;
    this.#deadline = new Deadline(() => this.#due());
  }

  get busy(): boolean {
    return this.#phase !== 'idle';
  }

  /** Whether an endpoint's answer is on its way to the client. */
  get answering(): boolean {
    return this.#phase === 'answering' || this.#phase === 'stalled';
  }

  /** A request begins: its head has been read. Not busy afterwards: it has been answered, no endpoint is asked. */
  begin(state: ServiceState | undefined): void {
    const { head } = this.#client;
    const exchange = this.#deps.pipeline.identify(head, state);
    if (isFault(exchange)) {
      this.body.begin(head.length, 0);
      return this.#client.sendFault(exchange, { requestId: exchange.requestId, chaos: '' }, this.body.ended);
    }
    this.#exchange = exchange;
    this.body.begin(head.length, exchange.view.service.retries.bufferBytes);
    this.#phase = 'connecting';
  }

  /** Sends it on its way; what of the body has come with the head has been fed before. */
  launch(): void {
    this.#next(this.#deps.pipeline.start(this.#exchange));
  }

  /** More of the body has come; false when no more is wanted for now. */
  feed(piece: Buffer): boolean {
    const upstream = this.#upstream;
    this.body.keep(piece, upstream !== undefined);
    if (upstream === undefined) return this.body.ended;
    const more = upstream.socket.write(piece);
    if (this.#phase !== 'uploading') return more;
    if (this.body.ended) this.#waitForAnswer();
    else this.#deps.deadlines.arm(this.#deadline, this.#timeouts().idleMs);
    return more;
  }

  /** The client has left. */
  clientGone(): void {
    if (!this.busy) return;
    const answered = this.answering;
    const attempt = this.#attempt;
    this.#rest();
    if (answered && attempt !== undefined) this.#deps.pipeline.ended(this.#exchange, attempt, 'client-gone');
    else this.#deps.pipeline.clientGone(this.#exchange, attempt);
  }

  /** There will be no more requests. */
  end(): void {
    this.#deps.deadlines.remove(this.#deadline);
    this.#sabotage?.end();
  }

  /** The client has taken what there was for it. */
  clientDrained(): void {
    this.#upstream?.resume();
    if (this.answering) this.#moved();
  }

  connected(connection: UpstreamConnection): void {
    this.#cancelConnect = undefined;
    this.#send(connection);
  }

  notConnected(fault: Fault): void {
    this.#cancelConnect = undefined;
    this.failed(fault);
  }

  interim(upstream: UpstreamConnection): void {
    this.#client.sendInterim(interimHeadText(upstream));
  }

  answered(upstream: UpstreamConnection): void {
    const attempt = this.#attempt as Attempt;
    const { status } = upstream.head;
    const next = this.#deps.pipeline.answered(this.#exchange, attempt, status, this.body.replayable);
    if (next !== undefined) {
      this.#drop();
      return this.#next(next);
    }
    this.#phase = 'answering';
    // An endpoint that answers before it has heard everything still waits for the rest.
    if (!this.body.ended) upstream.head.keepAlive = false;
    const lines = ownLines(this.#exchange, attempt) + this.#client.connectionLines(this.body.ended);
    this.#client.sendAnswer(responseHeadText(upstream, lines), upstream);
    this.#progress(upstream);
  }

  more(upstream: UpstreamConnection): void {
    this.#client.sendBody(upstream);
    this.#progress(upstream);
  }

  upstreamFailed(cause: string, kind: UpstreamTrouble): void {
    this.#upstream = undefined;
    const { pipeline } = this.#deps;
    if (kind === 'stale-connection' && pipeline.wentStale(this.#exchange, this.body.replayable)) this.connect('fresh');
    else this.failed(troubleOf(cause, kind));
  }

  upstreamDrained(): void {
    if (!this.body.ended) this.#client.wantBody();
  }

  #next(next: Attempt | Fault): void {
    if (isFault(next)) return this.#giveUp(next);
    this.#attempt = next;
    const plan = this.#deps.pipeline.sabotage(this.#exchange, next);
    if (plan === undefined) return this.connect();
    this.#sabotage ??= new Sabotage(this.#deps, this);
    this.#sabotage.begin(plan, this.#exchange, next);
  }

  #giveUp(fault: Fault): void {
    const exchange = this.#exchange;
    this.#deps.pipeline.gaveUp(exchange, fault);
    this.#rest();
    this.#client.sendFault(fault, exchange, this.body.ended);
  }

  /** Takes a connection to the endpoint; a `fresh` one has not been used before. */
  connect(which: 'any' | 'fresh' = 'any'): void {
    const { endpoint } = this.#attempt as Attempt;
    const { service } = this.#exchange.view;
    const pool = this.#deps.pools.of(service, endpoint);
    const idle = which === 'any' ? pool.take() : undefined;
    if (idle !== undefined) return this.#send(idle);
    this.#wait('connecting', service.timeouts.connectMs);
    this.#cancelConnect = pool.connect(this);
  }

  #send(upstream: UpstreamConnection): void {
    const { head } = this.#client;
    this.#upstream = upstream;
    upstream.begin(this, head.method === 'HEAD');
    const { url } = (this.#attempt as Attempt).endpoint;
    writeRequest(upstream.socket, requestHeadText(head, this.#exchange, url.basePath), this.body);
    if (this.body.ended) return this.#waitForAnswer();
    this.#wait('uploading', this.#timeouts().idleMs);
    this.#client.wantBody();
  }

  /** Everything has been sent: the first byte of an answer is due. */
  #waitForAnswer(): void {
    const { patienceMs } = this.#attempt as Attempt;
    const heldMs = this.#sabotage?.heldMs ?? 0;
    if (heldMs < patienceMs) this.#wait('patient', patienceMs - heldMs);
    else this.#wait('waiting', this.#timeouts().firstByteMs - heldMs);
  }

  #progress(upstream: UpstreamConnection): void {
    if (!upstream.done) return this.#moved();
    const { ended } = this.body;
    const attempt = this.#attempt as Attempt;
    this.#upstream = undefined;
    this.#rest();
    this.#deps.pipeline.ended(this.#exchange, attempt, 'complete');
    this.#client.finished(ended);
  }

  #moved(): void {
    this.#wait('answering', this.#timeouts().idleMs);
  }

  /** The try has failed, before its answer or in the middle of it. */
  failed(fault: Fault): void {
    const attempt = this.#attempt as Attempt;
    const { pipeline } = this.#deps;
    if (!this.answering) {
      this.#drop();
      return this.#next(pipeline.failed(this.#exchange, attempt, fault, this.body.replayable));
    }
    this.#rest();
    pipeline.ended(this.#exchange, attempt, 'broken', fault);
    // Half an answer must not look like a whole one.
    this.#client.destroy();
  }

  #due(): void {
    const upstream = this.#upstream;
    switch (this.#phase) {
      case 'idle':
        return;
      case 'patient':
        return this.#losePatience();
      case 'uploading':
        // Nothing has moved: whoever does not take what there is to take is to blame, here or beyond.
        return upstream?.socket.writableNeedDrain === true ? this.failed(OVERDUE.uploading) : this.#client.destroy();
      case 'answering':
        if (upstream?.paused === true) return this.#wait('stalled', this.#deps.clientIdleMs());
        return this.failed(OVERDUE.answering);
      case 'stalled':
        return this.#client.destroy();
      default:
        return this.failed(OVERDUE[this.#phase]);
    }
  }

  #losePatience(): void {
    const { firstByteMs } = this.#timeouts();
    const { patienceMs } = this.#attempt as Attempt;
    if (patienceMs >= firstByteMs) this.failed(OVERDUE.waiting);
    else if (!this.impatient()) this.#wait('waiting', firstByteMs - patienceMs);
  }

  /** The try has waited its patience; true when the request has gone elsewhere. */
  impatient(): boolean {
    const next = this.#deps.pipeline.impatient(this.#exchange, this.#attempt as Attempt, this.body.replayable);
    if (next === undefined) return false;
    this.#drop();
    this.#next(next);
    return true;
  }

  /** An experiment's answer in place of the endpoint's. */
  standIn(status: number, words: string): void {
    const attempt = this.#attempt as Attempt;
    const { pipeline } = this.#deps;
    const next = pipeline.answered(this.#exchange, attempt, status, this.body.replayable);
    if (next !== undefined) return this.#next(next);
    const exchange = this.#exchange;
    this.#rest();
    pipeline.ended(exchange, attempt, 'complete');
    this.#client.sendOwn(standInAnswer(status, words, exchange), this.body.ended);
  }

  #timeouts() {
    return this.#exchange.view.service.timeouts;
  }

  #wait(phase: Phase, ms: number): void {
    this.#phase = phase;
    this.#deps.deadlines.arm(this.#deadline, ms);
  }

  /** Lets go of the endpoint that is being tried. */
  #drop(): void {
    this.#deps.deadlines.disarm(this.#deadline);
    this.#sabotage?.stop();
    this.#cancelConnect?.();
    this.#cancelConnect = undefined;
    this.#upstream?.destroy();
    this.#upstream = undefined;
    this.#phase = 'connecting';
  }

  #rest(): void {
    this.#drop();
    this.#phase = 'idle';
    this.#attempt = undefined;
    this.body.forget();
  }
}
