import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';

/** How long a session can be resumed by its ticket, at most; less when the keys of tickets change before. */
export const SESSION_S = 2 * 60 * 60;

/**
 * No renegotiation: a client could have the handshake's work done again and again on one connection, and nobody who browses needs
 * it (RFC 9325 §3.5; TLS 1.3 has none).
 */
const TLS_RULES = { secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const;

/** PEM texts of a certificate chain, leaf first, and its key. */
export type CertificatePair = { readonly cert: string; readonly key: string };

/** What a listener shows and asks for in a TLS handshake. */
export type ServerTls = CertificatePair & {
  /** What session tickets are sealed with: 48 bytes that all threads share. Without it, each has its own. */
  readonly ticketKeys?: Uint8Array | undefined;
};

export type SecureParts = {
  /** The protocols that are offered (ALPN), the best first. */
  readonly protocols: readonly string[];
  /** Called when a handshake is complete. */
  readonly secured: (raw: Socket, socket: TLSSocket) => void;
};

/**
 * A TLS server that listens nowhere: connections are given to it. What it shows never changes; for another certificate another one
 * is made, and handshakes that are under way end with the one that they began with.
 */
export function secureServer(tls: ServerTls, { protocols, secured }: SecureParts): Server {
  const server = createServer({ ...contextOptions(tls), ALPNProtocols: [...protocols] }, (socket) => {
    secured(rawOf(socket), socket);
  });
  // Nobody could read an answer to what was no handshake.
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  return server;
}

/** Has the server do the handshake on a connection. What has been read of it and put back, it finds. */
export function handshakeOn(server: Server, raw: Socket): void {
  server.emit('connection', raw);
}

/** Sessions are resumed by any thread with the same keys, also after a reload: the context in which they hold is named, too. */
function contextOptions({ cert, key, ticketKeys }: ServerTls): TlsOptions {
  const shared = ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(ticketKeys) };
  return {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ...TLS_RULES,
    ...shared,
    sessionIdContext: 'meridian',
    sessionTimeout: SESSION_S,
  };
}

/** The connection under a TLS connection of a server; the runtime has no public name for it. */
function rawOf(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { readonly _parent: Socket })._parent;
}
