import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { ListenTls } from '../../config/topology-listener.ts';
import type { CertificatePair } from '../upstream/secure-contexts.ts';
import { HELLO_BYTES_MAX, readClientHello } from './client-hello.ts';
import { lookAtFirst } from './first-bytes.ts';
import { handshakeOn, type SecureParts, secureServer } from './secure-server.ts';
import { type Named, ServerNames } from './server-names.ts';

/** A certificate as the control thread has read it: its PEM texts, and what decides whom it is shown to. */
export type ListedCertificate = CertificatePair & Named;

/** What the PEM files of a listener hold. */
export type ListenerPem = {
  /** At least one. */
  readonly certificates: readonly ListedCertificate[];
  readonly clientCa: string | undefined;
};

/** All that a listener shows and asks for in handshakes. */
export type ListenerTls = ListenerPem & {
  readonly rules: Pick<ListenTls, 'minVersion' | 'strictSni' | 'clients'>;
  readonly ticketKeys: Uint8Array | undefined;
};

/** A certificate that is shown to nobody costs no context, and most names are asked for rarely on one thread. */
type Servers = Map<string, Server>;

/**
 * The TLS handshakes of one listener. Which certificates are shown is decided from the name that the client asks for, before the TLS
 * library has the connection: it can have several in one context, of which it takes the one that the client can verify, but only in the
 * context that a handshake begins with.
 */
export class Handshakes {
  readonly #parts: SecureParts;
  #tls: ListenerTls;
  #names: ServerNames;
  #servers: Servers = new Map();

  constructor(tls: ListenerTls, parts: SecureParts) {
    this.#parts = parts;
    this.#tls = tls;
    this.#names = new ServerNames(tls.certificates);
  }

  /** Shows these from the next handshake on. */
  show(tls: ListenerTls): void {
    this.#tls = tls;
    this.#names = new ServerNames(tls.certificates);
    this.#servers = new Map();
  }

  begin(raw: Socket): void {
    const { fallback } = this.#names;
    // With one choice there is nothing to look for.
    if (fallback.length === this.#tls.certificates.length && !this.#tls.rules.strictSni)
      return this.#shake(raw, fallback);
    lookAtFirst(raw, look, {
      bytesMax: HELLO_BYTES_MAX,
      found: (name) => this.#choose(raw, name),
      over: () => this.#shake(raw, this.#names.fallback),
    });
  }

  /** `name` is undefined where the hello could not be read: the TLS library finds out why and says so. */
  #choose(raw: Socket, name: string | undefined): void {
    const chosen = name === undefined ? this.#names.fallback : this.#names.of(name);
    if (chosen !== undefined) return this.#shake(raw, chosen);
    if (!this.#tls.rules.strictSni) return this.#shake(raw, this.#names.fallback);
    raw.end(UNRECOGNIZED_NAME, () => this.#parts.refused(raw, 'server-name'));
  }

  #shake(raw: Socket, places: readonly number[]): void {
    const key = places.join();
    let server = this.#servers.get(key);
    if (server === undefined) {
      server = this.#serverOf(places);
      this.#servers.set(key, server);
    }
    handshakeOn(server, raw);
  }

  #serverOf(places: readonly number[]): Server {
    const { certificates, clientCa, rules, ticketKeys } = this.#tls;
    const shown = {
      pairs: places.map((place) => certificates[place] as ListedCertificate),
      minVersion: rules.minVersion,
      clientCa,
      clientRequired: rules.clients?.required ?? false,
      ticketKeys,
    };
    return secureServer(shown, this.#parts);
  }
}

/** A fatal alert (RFC 8446 §6, RFC 6066 §3) in a record of its own: nothing is encrypted yet. */
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

function look(bytes: Buffer): { readonly found: string | undefined; readonly taken: 0 } | 'incomplete' {
  const hello = readClientHello(bytes);
  if (hello === 'incomplete') return hello;
  return { found: hello === 'unreadable' ? undefined : hello.serverName, taken: 0 };
}
