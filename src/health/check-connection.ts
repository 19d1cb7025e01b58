import type { Address } from '../table/addresses.ts';
import type { Clock } from '../table/clock.ts';
import type { CheckTarget } from './check.ts';
import { openSocket, type TlsPlan } from './socket.ts';
import { type CheckProgress, UndiciConnection } from './undici.ts';

/** Further addresses are left for the next check. */
export const ADDRESSES_A_CHECK = 4;

/** A keep-alive connection to one of an endpoint's addresses; which one, shows when it is made. */
export class CheckConnection {
  readonly #undici: UndiciConnection;
  readonly #cut = new AbortController();
  #offered: readonly Address[] = [];
  #address: Address | undefined;
  #position = 0;

  constructor(target: CheckTarget, tls: TlsPlan | undefined, clock: Clock) {
    const connect = async () => {
      const addresses = this.#offered.slice(0, ADDRESSES_A_CHECK);
      const plan = { addresses, tls, connectMs: connectMsOf(target, addresses.length) };
      const { socket, position } = await openSocket(plan, this.#cut.signal);
      this.#position = position;
      this.#address = addresses[position];
      return socket;
    };
    this.#undici = new UndiciConnection(
      { protocol: target.url.protocol, keepAliveMs: target.keepAliveMs, connect },
      clock,
    );
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
    await this.#undici.get(path, host, progress);
  }

  /** Closes it for good, also while it connects. */
  cut(): void {
    const reason = new Error('cut');
    this.#cut.abort(reason);
    this.#undici.destroy(reason);
  }
}

/** Several addresses share the check's time, and leave some of it for the answer. */
function connectMsOf({ connectMs, timeoutMs }: CheckTarget, addresses: number): number {
  return addresses === 1 ? connectMs : Math.min(connectMs, timeoutMs / (addresses + 1));
}
