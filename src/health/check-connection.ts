import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { localHeader } from '../edge/upstream/proxy-header-out.ts';
import type { Address } from '../table/addresses.ts';
import type { Clock } from '../table/clock.ts';
import type { CheckTarget } from './check.ts';
import { Http2Connection } from './http2.ts';
import { openSocket, type TlsPlan } from './socket.ts';
import { type CheckProgress, UndiciConnection } from './undici.ts';

/** Further addresses are left for the next check. */
export const ADDRESSES_A_CHECK = 4;

/** A keep-alive connection to one of an endpoint's addresses; which one, shows when it is made. */
export class CheckConnection {
  readonly #target: CheckTarget;
  readonly #clock: Clock;
  readonly #connect: () => Promise<Socket>;
  /** Asks on the connection: by HTTP/1.1 or HTTP/2, which may only be known when it is there. */
  #asker: UndiciConnection | Http2Connection | undefined;
  readonly #cut = new AbortController();
  #offered: readonly Address[] = [];
  #progress: CheckProgress | undefined;
  #address: Address | undefined;
  #position = 0;

  constructor(target: CheckTarget, tls: TlsPlan | undefined, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    this.#connect = async () => {
      const addresses = this.#offered.slice(0, ADDRESSES_A_CHECK);
      const protocols = PROTOCOLS[target.protocol];
      const first = target.sendProxy === undefined ? undefined : localHeader(target.sendProxy);
      const plan = { addresses, tls, protocols, connectMs: connectMsOf(target, addresses.length), first };
      const { socket, position, handshakeMs } = await openSocket(plan, clock, this.#cut.signal);
      if (this.#progress !== undefined) this.#progress.handshakeMs = handshakeMs;
      this.#position = position;
      this.#address = addresses[position];
      return socket;
    };
    if (target.protocol !== 'auto') this.#asker = this.#askerFor(target.protocol !== 'h1', this.#connect);
  }

  /** The address that it leads to, or last led to; undefined before it was first connected. */
  get address(): Address | undefined {
    return this.#address;
  }

  /** Where in the addresses that were offered then it found the one that it leads to. */
  get position(): number {
    return this.#position;
  }

  /** GETs `path`. Where it has to connect, `addresses` are tried in turn; see `UndiciConnection.get`. */
  async get(path: string, host: string, progress: CheckProgress, addresses: readonly Address[]): Promise<void> {
    this.#offered = addresses;
    this.#progress = progress;
    await (this.#asker ?? (await this.#found(progress))).get(path, host, progress);
  }

  /** Closes it for good, also while it connects. */
  cut(): void {
    const reason = new Error('cut');
    this.#cut.abort(reason);
    this.#asker?.destroy(reason);
  }

  /** The endpoint has been asked what it speaks, which is known once a connection is there. */
  async #found(progress: CheckProgress): Promise<UndiciConnection | Http2Connection> {
    const startMs = this.#clock.nowMs();
    const socket = await this.#connect();
    progress.connectMs = this.#clock.nowMs() - startMs;
    let first: Socket | undefined = socket;
    const connect = async (): Promise<Socket> => {
      const taken = first ?? (await this.#connect());
      first = undefined;
      return taken;
    };
    this.#asker = this.#askerFor((socket as TLSSocket).alpnProtocol === 'h2', connect);
    if (this.#cut.signal.aborted) this.cut();
    return this.#asker;
  }

  #askerFor(http2: boolean, connect: () => Promise<Socket>): UndiciConnection | Http2Connection {
    const { url, keepAliveMs, grpc } = this.#target;
    const settings = { protocol: url.protocol, keepAliveMs, connect, grpc };
    return http2 ? new Http2Connection(settings, this.#clock) : new UndiciConnection(settings, this.#clock);
  }
}

/** What is offered by TLS. */
const PROTOCOLS = { h1: ['http/1.1'], h2: ['h2'], h2c: [], auto: ['h2', 'http/1.1'] } as const;

/** Several addresses share the check's time, and leave some of it for the answer. */
function connectMsOf({ connectMs, timeoutMs }: CheckTarget, addresses: number): number {
  return addresses === 1 ? connectMs : Math.min(connectMs, timeoutMs / (addresses + 1));
}
