import type { Path } from './problem.ts';
import type { AcmeSettings } from './topology-acme.ts';

/** Where to listen: an address of this machine and a port. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** PEM files of a certificate chain, leaf first, and its key. */
export type CertificateFiles = {
  /** Where in the configuration they are named. */
  readonly at: Path;
  readonly cert: string;
  readonly key: string;
  /** The edge obtains them itself, in one file: it may be missing, or not be good, until it has. */
  readonly obtained?: true;
};

/** What a listener shows and asks for in TLS handshakes. */
export type ListenTls = {
  /**
   * At least one, those among them that the edge obtains. Which of them is shown, the name decides that the client asks for; the first is for
   * all others.
   */
  readonly certificates: readonly CertificateFiles[];
  /** What the edge obtains by itself. */
  readonly acme: AcmeSettings | undefined;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Whether a client that asks for a name of none of the certificates, or for no name, is refused. */
  readonly strictSni: boolean;
  /** What clients show of themselves; undefined: they are not asked. */
  readonly clients: ClientCertificates | undefined;
};

export type ClientCertificates = {
  /** Where in the configuration `ca` is named. */
  readonly at: Path;
  /** PEM file of the authorities that vouch for clients. */
  readonly ca: string;
  /** Whether a client without a certificate is refused. One whose certificate is not good always is. */
  readonly required: boolean;
  /** Whether endpoints get the certificates between the client's and the authority, too. */
  readonly chain: boolean;
};

/** One address at which clients are taken. */
export type ListenerSettings = {
  /** By which metrics, logs and rules know it; unique. */
  readonly name: string;
  readonly listen: ListenAddress;
  readonly tls: ListenTls | undefined;
  /** Whether HTTP/2 is spoken: agreed on in the TLS handshake, or begun without one by clients who know (RFC 9113 §3.3). */
  readonly http2: 'off' | 'tls' | 'cleartext';
  /**
   * Addresses, CIDRs, or the names loopback, linklocal, uniquelocal: peers whose connections begin with a PROXY header. Each of theirs must,
   * and nobody else may connect. Undefined: no connection begins with one.
   */
  readonly proxyProtocolFrom: readonly string[] | undefined;
  /** The port to which every request is redirected, by https; undefined: requests are served. */
  readonly redirectPort: number | undefined;
};
