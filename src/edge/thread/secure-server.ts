import { constants, createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ListenTls } from '../../config/topology-listener.ts';
import type { DropReason } from '../../table/event.ts';
import type { CertificatePair } from '../upstream/secure-contexts.ts';

/** How long a session can be resumed by its ticket, at most; less when the keys of tickets change before. */
export const SESSION_S = 2 * 60 * 60;

/**
 * What is agreed on with clients of today: forward secrecy and authenticated encryption only, as Mozilla's "intermediate" has it
 * without its finite-field groups. The client chooses, which knows what its hardware is good at.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * No renegotiation: a client could have the handshake's work done again and again on one connection, and nobody who browses needs
 * it (RFC 9325 §3.5; TLS 1.3 has none).
 */
const TLS_RULES = {
  ciphers: CIPHERS,
  honorCipherOrder: false,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** What is shown in a handshake, and what is asked for. */
export type Shown = {
  /** One for each type of key. */
  readonly pairs: readonly CertificatePair[];
  readonly minVersion: ListenTls['minVersion'];
  /** PEM text of the authorities that vouch for clients; undefined: clients are not asked. */
  readonly clientCa: string | undefined;
  readonly clientRequired: boolean;
  /** What session tickets are sealed with: 48 bytes that all threads share. Without it, each has its own. */
  readonly ticketKeys: Uint8Array | undefined;
};

export type SecureParts = {
  /** The protocols that are offered (ALPN), the best first. */
  readonly protocols: readonly string[];
  /** Called when a handshake is complete, and the client is who it has to be. */
  readonly secured: (raw: Socket, socket: TLSSocket) => void;
  /** Called when it is not. */
  readonly refused: (raw: Socket, reason: DropReason) => void;
};

/**
 * A TLS server that listens nowhere: connections are given to it. What it shows never changes; for another certificate another one
 * is made, and handshakes that are under way end with the one that they began with.
 */
export function secureServer(shown: Shown, { protocols, secured, refused }: SecureParts): Server {
  const server = createServer({ ...contextOptions(shown), ALPNProtocols: [...protocols] }, (socket) => {
    // Where a certificate is optional, a bad one is still no good: the client means something by it, and would be taken for nobody.
    if (shown.clientCa !== undefined && !socket.authorized && socket.getPeerX509Certificate() !== undefined) {
      return refused(rawOf(socket), 'client-certificate');
    }
    secured(rawOf(socket), socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    if (isAboutCertificate(error, socket)) refused(rawOf(socket), 'client-certificate');
    // Nobody could read an answer to what was no handshake.
    socket.destroy();
  });
  return server;
}

/** Has the server do the handshake on a connection. What has been read of it and put back, it finds. */
export function handshakeOn(server: Server, raw: Socket): void {
  server.emit('connection', raw);
}

function contextOptions({ pairs, minVersion, clientCa, clientRequired, ticketKeys }: Shown): TlsOptions {
  return {
    cert: pairs.map(({ cert }) => cert),
    key: pairs.map(({ key }) => key),
    minVersion,
    ...TLS_RULES,
    ...(ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(ticketKeys) }),
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: clientRequired }),
    sessionIdContext: sessionContext(clientCa, clientRequired),
    sessionTimeout: SESSION_S,
  };
}

/**
 * Where a session holds: sessions are resumed by any thread with the same keys, also after a reload, and whoever resumes one is not
 * asked for a certificate again. So a session is good only where the same authorities vouch for clients in the same way.
 */
function sessionContext(clientCa: string | undefined, required: boolean): string {
  if (clientCa === undefined) return 'meridian';
  return createHash('sha256').update(`${required} ${clientCa}`).digest('base64').slice(0, 32);
}

function isAboutCertificate(error: NodeJS.ErrnoException, socket: TLSSocket): boolean {
  return error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' || Boolean(socket.authorizationError);
}

/** The connection under a TLS connection of a server; the runtime has no public name for it. */
function rawOf(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { readonly _parent: Socket })._parent;
}
