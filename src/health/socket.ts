import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { identityOptions, type OriginProof } from '../edge/upstream/origin-identity.ts';
import type { Address } from '../table/addresses.ts';
import type { Clock } from '../table/clock.ts';

/** Where to connect, and how. */
export type SocketPlan = {
  /** At least one; tried in turn until one is established. */
  readonly addresses: readonly Address[];
  /** Undefined for plain TCP. */
  readonly tls: TlsPlan | undefined;
  /** What may be spoken over TLS, the most wanted first. */
  readonly protocols: readonly string[];
  /** For one address, TLS included. */
  readonly connectMs: number;
  /** What is written first, before TLS. */
  readonly first?: Buffer | undefined;
};

export type TlsPlan = OriginProof & {
  /** The name to ask for (SNI) and to verify; an IP address is verified and not asked for. */
  readonly serverName: string;
  /** Undefined: the authorities that the runtime trusts. */
  readonly trust: SecureContext | undefined;
};

/** An established socket, which of the addresses it goes to, and how long TCP's handshake took. */
export type Opened = { readonly socket: Socket; readonly position: number; readonly handshakeMs: number };

/**
 * Connects to the first address that accepts a connection. Rejects with the error of the last one, or with the
 * signal's reason; no socket is left behind then.
 */
export async function openSocket(plan: SocketPlan, clock: Clock, signal: AbortSignal): Promise<Opened> {
  let failure: unknown = new Error('no address');
  for (const [position, address] of plan.addresses.entries()) {
    signal.throwIfAborted();
    try {
      return { ...(await openOne(address, plan, { clock, signal })), position };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function openOne(
  address: Address,
  { tls, protocols, connectMs, first }: SocketPlan,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Omit<Opened, 'position'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Omit<Opened, 'position'>>();
  const begun = first === undefined ? undefined : connectTcp(address);
  begun?.on('error', fail).write(first as Buffer);
  const under = begun === undefined ? {} : { socket: begun };
  const socket =
    tls === undefined
      ? (begun ?? connectTcp(address))
      : connectTls({ ...tlsOptions(address, tls), ...under, ALPNProtocols: [...protocols] });
  // A name is looked up first, and each of its addresses is tried by itself.
  let startMs = clock.nowMs();
  let handshakeMs = 0;
  const reached = begun ?? socket;
  reached.on('connectionAttempt', attempted).once('connect', connected);
  const late = setTimeout(() => fail(connectTimeout(connectMs)), connectMs);
  const abort = (): void => fail(signal.reason);
  socket.setNoDelay(true);
  socket.once(tls === undefined ? 'connect' : 'secureConnect', succeed);
  socket.once('error', fail);
  socket.once('close', fail);
  signal.addEventListener('abort', abort, { once: true });
  return promise;

  function attempted(): void {
    startMs = clock.nowMs();
  }

  function connected(): void {
    handshakeMs = clock.nowMs() - startMs;
  }

  function succeed(): void {
    release();
    // Until its new user listens too, an error must not end the process.
    socket.on('error', () => {});
    resolve({ socket, handshakeMs });
  }

  function fail(error: unknown): void {
    release();
    // A socket that is being destroyed may still emit an error; without a listener it would end the process.
    socket.once('error', () => {});
    socket.destroy();
    begun?.destroy();
    reject(error instanceof Error ? error : new Error('closed while connecting'));
  }

  function release(): void {
    clearTimeout(late);
    signal.removeEventListener('abort', abort);
    socket.off('error', fail).off('close', fail);
    reached.off('connectionAttempt', attempted).off('connect', connected);
  }
}

function tlsOptions(address: Address, { serverName, trust, ...proof }: TlsPlan) {
  return {
    ...address,
    // Node does not ask for an IP address by SNI, and verifies one against `host`, which then is the same.
    ...(isIP(serverName) === 0 ? { servername: serverName } : { host: address.host }),
    ...(trust === undefined ? {} : { secureContext: trust }),
    ...identityOptions(proof),
  };
}

function connectTimeout(connectMs: number): Error {
  return Object.assign(new Error(`no connection within ${connectMs} ms`), { code: 'CONNECT_TIMEOUT' });
}
