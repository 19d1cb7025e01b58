import type { Whereabouts } from '../../geo/locate.ts';
import { type ClientCertificate, certificateFields } from './client-certificate.ts';

/** A request head larger than this is refused with 431. */
export const REQUEST_HEAD_BYTES_MAX = 32 * 1024;

/**
 * A request's head as both engines hand it to the pipeline: the bytes as they came, told apart but not rewritten.
 * Whatever an HTTP library would join, decode or drop on the way is therefore still there.
 */
export type RequestHead = {
  readonly method: string;
  /** Origin-form, byte for byte: path and query as the client wrote them. */
  readonly target: string;
  /** The one Host, in the client's spelling. */
  readonly host: string;
  /** Names and values alternating, in order, names in the client's spelling. An engine may make the list when it is asked for. */
  readonly headers: readonly string[];
  /** The same, to be asked for one name. */
  readonly fields: HeaderFields;
  readonly version: '1.0' | '1.1' | '2.0';
  readonly protocol: 'http' | 'https';
  /** The address at the other end of the connection. */
  readonly peerAddress: string;
  /** What was found out about that address with an earlier request of the same connection; an engine may keep it. */
  readonly peer: Peer;
  readonly hasBody: boolean;
  /** The protocols that the connection may be switched to; undefined where that is not asked, or not to be had here. */
  readonly upgrade?: string | undefined;
  /** The client sends its body only after a 100 (`Expect: 100-continue`). */
  readonly expectsContinue?: boolean;
};

/** What the pipeline has found out about the other end of a connection, and in which world that was. */
export class Peer {
  world: object | undefined;
  geo: object | undefined;
  /** Set when the peer is no proxy that speaks for others: then it is the client itself. */
  address = '';
  whereabouts: Whereabouts | undefined;
  /** The version of TLS on the connection, such as `TLSv1.3`; empty without it. */
  readonly tls: string;
  /** What the client has shown in the handshake and is trusted; undefined when that is nothing. */
  readonly certificate: ClientCertificate | undefined;
  /** The fields that tell endpoints of it; none without it. Made once for a connection. */
  readonly certificateFields: readonly string[];

  constructor(tls = '', certificate?: ClientCertificate) {
    this.tls = tls;
    this.certificate = certificate;
    this.certificateFields = certificate === undefined ? NO_FIELDS : certificateFields(certificate);
  }
}

const NO_FIELDS: readonly string[] = [];

/** Header fields that are asked for by name, in lower case. What makes no list of them for that can be asked for little. */
export type HeaderFields = {
  /** The value of the first field with the name. */
  readonly first: (name: string) => string | undefined;
  /** All values of a field, joined as a list (RFC 9110 §5.3); undefined when it does not occur. */
  readonly joined: (name: string) => string | undefined;
};

/** The fields of a list of names and values alternating. */
export class ListedFields implements HeaderFields {
  readonly #headers: readonly string[];

  constructor(headers: readonly string[]) {
    this.#headers = headers;
  }

  first(name: string): string | undefined {
    return headerOf(this.#headers, name);
  }

  joined(name: string): string | undefined {
    return joinedHeader(this.#headers, name);
  }
}

/** The value of the first header with this lower-case name. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (isNamed(headers[i] as string, name)) return headers[i + 1];
  }
  return undefined;
}

/** All values of a header, joined as a list (RFC 9110 §5.3); undefined when it does not occur. */
export function joinedHeader(headers: readonly string[], name: string): string | undefined {
  let joined: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (!isNamed(headers[i] as string, name)) continue;
    joined = joined === undefined ? headers[i + 1] : `${joined}, ${headers[i + 1]}`;
  }
  return joined;
}

function isNamed(name: string, lower: string): boolean {
  return name.length === lower.length && name.toLowerCase() === lower;
}

/** Whether an expectation is one that can be met: there is none but 100-continue (RFC 9110 §10.1.1). */
export function isKnownExpectation(value: string): boolean {
  return /(?:^|\W)100-continue(?:$|\W)/i.test(value);
}

/** Why any other is refused, with 417. */
export const UNKNOWN_EXPECTATION = 'nothing but 100-continue can be expected here';

/** Whether a request without a body says so with this method, by `Content-Length: 0` (RFC 9110 §8.6). */
export function expectsBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** Bytes of the body by the `Content-Length` of a head that has been judged; undefined when it does not say. */
export function contentLengthOf(headers: readonly string[]): number | undefined {
  const text = headerOf(headers, 'content-length');
  return text === undefined ? undefined : Number(text);
}
