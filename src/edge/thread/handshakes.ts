import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { ListenTls } from '../../config/topology-listener.ts';
import type { Challenges } from '../../table/challenges.ts';
import type { CertificatePair } from '../upstream/secure-contexts.ts';
import { type ClientHello, HELLO_BYTES_MAX, readClientHello } from './client-hello.ts';
import { lookAtFirst } from './first-bytes.ts';
import { handshakeOn, type SecureParts, secureServer } from './secure-server.ts';
import { type Named, ServerNames } from './server-names.ts';

/** A certificate as the control thread has read it: its PEM texts, and what decides whom it is shown to. */
export type ListedCertificate = CertificatePair &
  Named & {
    /** Its file, where the edge obtains it itself: until then it is not in the list. */
    readonly obtainedIn?: string;
  };

/** What the PEM files of a listener hold. */
export type ListenerPem = {
  /** At least one, unless the edge is still to obtain them. */
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

export type HandshakesParts = SecureParts & {
  /** Called when an authority has seen what it asked for, and the connection is about to end. */
  readonly proved: (raw: Socket) => void;
};

/**
 * The TLS handshakes of one listener. Which certificates are shown is decided from the name that the client asks for, before the TLS
 * library has the connection: it can have several in one context, of which it takes the one that the client can verify, but only in the
 * context that a handshake begins with.
 */
export class Handshakes {
  readonly #parts: HandshakesParts;
  #tls: ListenerTls;
  #names: ServerNames;
  #servers: Servers = new Map();
  #challenges: Challenges['certificates'] | undefined;

  constructor(tls: ListenerTls, parts: HandshakesParts) {
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

  /** Answers these challenges from the next handshake on. */
  prove(challenges: Challenges | undefined): void {
    this.#challenges = challenges?.certificates;
  }

  begin(raw: Socket): void {
    const { fallback } = this.#names;
    const { certificates, rules } = this.#tls;
    // With one choice there is nothing to look for.
    const isOne = fallback.length === certificates.length && fallback.length > 0 && !rules.strictSni;
    if (isOne && this.#challenges === undefined) return this.#shake(raw, fallback);
    lookAtFirst(raw, look, {
      bytesMax: HELLO_BYTES_MAX,
      found: (hello) => this.#choose(raw, hello),
      over: () => this.#choose(raw, 'unreadable'),
    });
  }

  /** What a hello says that cannot be read, the TLS library finds out. */
  #choose(raw: Socket, hello: ClientHello | 'unreadable'): void {
    const { fallback } = this.#names;
    if (hello === 'unreadable') return fallback.length === 0 ? this.#refuse(raw) : this.#shake(raw, fallback);
    const { serverName, asksForProof } = hello;
    const proof = asksForProof ? this.#challenges?.get(serverName) : undefined;
    if (proof !== undefined) return this.#show(raw, proof);
    const chosen = this.#names.of(serverName) ?? (this.#tls.rules.strictSni ? [] : fallback);
    if (chosen.length > 0) return this.#shake(raw, chosen);
    this.#refuse(raw);
  }

  /** There is no certificate for that name, or none yet. */
  #refuse(raw: Socket): void {
    raw.end(UNRECOGNIZED_NAME, () => this.#parts.refused(raw, 'server-name'));
  }

  /** Rare enough for a server of its own, which ends with its handshake (RFC 8737 §3). */
  #show(raw: Socket, proof: CertificatePair): void {
    const shown = { pairs: [proof], minVersion: 'TLSv1.2', clientCa: undefined, clientRequired: false } as const;
    const server = secureServer(
      { ...shown, ticketKeys: undefined },
      {
        protocols: [PROOF_PROTOCOL],
        refused: this.#parts.refused,
        secured: (_, socket) => {
          this.#parts.proved(raw);
          socket.destroySoon();
        },
      },
    );
    handshakeOn(server, raw);
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

const PROOF_PROTOCOL = 'acme-tls/1';

function look(bytes: Buffer): { readonly found: ClientHello | 'unreadable'; readonly taken: 0 } | 'incomplete' {
  const hello = readClientHello(bytes);
  return hello === 'incomplete' ? hello : { found: hello, taken: 0 };
}
