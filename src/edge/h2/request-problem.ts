import {
  AUTHORITY,
  type Field,
  isConnectionSpecific,
  METHOD,
  NO_PSEUDO,
  PATH,
  PROTOCOL,
  SCHEME,
} from '../frames/hpack/field.ts';
import { CONTENT_LENGTH, HOST, TE } from '../message/field-kind.ts';
import { classOf, TOKEN } from '../message/fields.ts';

/** Letters of a method; nobody has registered one of more than half as many. */
const METHOD_BYTES_MAX = 32;

/** The text of a head but for what is another one each time, and what it depends on beside the fields and their connection. */
export type Lasting = {
  readonly text: string;
  readonly length: number;
  readonly basePath: string;
  readonly trustedPeer: boolean;
  readonly pseudonym: string;
};

/** What a request's fields say of it, once they are found to be what RFC 9113 §8 wants. */
export class RequestLine {
  method = '';
  scheme = '';
  /** `:authority`, and the one `Host`; empty where there is none. */
  authority = '';
  host = '';
  path = '';
  /** `:protocol` of an extended CONNECT (RFC 8441). */
  protocol = '';
  /** Bytes of the body, as the client says; -1 where it does not. */
  length = -1;
  takesTrailers = false;
  /** Why it is malformed; undefined: it is not. A malformed one is nobody's request (§8.1.1). */
  problem: string | undefined;
  /** Whether more than the line has been looked at, and it is to be forwarded like most. */
  plain = false;
  /** The fields will come again, and this is then what they say. */
  kept = false;
  /** What they were written as for an endpoint, when it was last done. */
  lasting: Lasting | undefined;
  #pseudos = 0;
  #hosts = 0;

  /** Reads the fields of a request. Returns its `problem`. */
  read(fields: readonly Field[]): string | undefined {
    this.problem = this.#read(fields);
    this.plain = false;
    return this.problem;
  }

  #read(fields: readonly Field[]): string | undefined {
    this.method = this.scheme = this.authority = this.host = this.path = this.protocol = '';
    this.length = -1;
    this.takesTrailers = false;
    this.#pseudos = 0;
    this.#hosts = 0;
    let ordinary = false;
    for (const field of fields) {
      if (!field.sound) return 'a field is no line of HTTP';
      const { pseudo } = field.name;
      if (pseudo === NO_PSEUDO) ordinary = true;
      else if (ordinary) return 'a pseudo-header field behind an ordinary one';
      const problem = pseudo === NO_PSEUDO ? this.#ordinary(field) : this.#pseudo(pseudo, field.value);
      if (problem !== undefined) return problem;
    }
    return this.#whole();
  }

  #pseudo(pseudo: number, value: string): string | undefined {
    if ((this.#pseudos & (1 << pseudo)) !== 0) return 'a pseudo-header field comes twice';
    this.#pseudos |= 1 << pseudo;
    if (pseudo === METHOD) this.method = value;
    else if (pseudo === SCHEME) this.scheme = value;
    else if (pseudo === AUTHORITY) this.authority = value;
    else if (pseudo === PATH) this.path = value;
    else if (pseudo === PROTOCOL) this.protocol = value;
    else return 'a pseudo-header field that no request has';
    return undefined;
  }

  #ordinary({ name, value }: Field): string | undefined {
    if (name.kind === CONTENT_LENGTH) return this.#contentLength(value);
    if (name.kind === HOST) return this.#hostField(value);
    if (name.kind === TE) {
      this.takesTrailers = value.toLowerCase() === 'trailers';
      return this.takesTrailers ? undefined : 'TE says more than trailers';
    }
    return isConnectionSpecific(name) ? 'a field that is about a connection' : undefined;
  }

  #contentLength(value: string): string | undefined {
    const length = /^\d{1,15}$/.test(value) ? Number(value) : -1;
    if (length === -1 || (this.length !== -1 && this.length !== length)) return 'a length that is none';
    this.length = length;
    return undefined;
  }

  #hostField(value: string): string | undefined {
    this.#hosts += 1;
    this.host = value;
    return this.#hosts > 1 ? 'more than one Host' : undefined;
  }

  #whole(): string | undefined {
    if (!isMethod(this.method)) return 'no method, or one that is none';
    const connects = this.method === 'CONNECT';
    if ((this.#pseudos & (1 << PROTOCOL)) !== 0) {
      if (!connects || this.protocol === '') return 'a protocol without a CONNECT';
    } else if (connects) {
      // §8.5: a tunnel has neither.
      const more = (this.#pseudos & ((1 << SCHEME) | (1 << PATH))) !== 0;
      return more || this.authority === '' ? 'a CONNECT is to an authority, and to nothing else' : undefined;
    }
    if (!SCHEME_TEXT.test(this.scheme)) return 'no scheme, or one that is none';
    if (!isPath(this.path, this.method)) return 'no path, or one that is none';
    return this.#authorities();
  }

  /** §8.3.1: one of the two has to be there, and they may not name different hosts. */
  #authorities(): string | undefined {
    if (this.authority === '') return this.host === '' ? 'neither an authority nor a Host' : undefined;
    if (this.authority.includes('@')) return 'an authority with credentials';
    if (this.#hosts === 0 || this.host === this.authority) return undefined;
    const same = withoutPort(this.host, this.scheme) === withoutPort(this.authority, this.scheme);
    return same ? undefined : 'Host is not the authority';
  }
}

/** What is wrong with trailers: they have no pseudo-header fields, and nothing that is about the connection (§8.1). */
export function trailersProblem(fields: readonly Field[]): string | undefined {
  const wrong = fields.some(({ sound, name }) => !sound || name.pseudo !== NO_PSEUDO || isConnectionSpecific(name));
  return wrong ? 'trailers that are none' : undefined;
}

/** `reg-name`, IPv4 or bracketed IPv6 with an optional port: the same as every front takes. */
export function isValidHost(host: string): boolean {
  return VALID_HOST.test(host);
}

const VALID_HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;
const SCHEME_TEXT = /^[A-Za-z][A-Za-z0-9+.-]*$/;

function withoutPort(host: string, scheme: string): string {
  const port = scheme === 'https' ? ':443' : ':80';
  const lower = host.toLowerCase();
  return lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}

function isMethod(method: string): boolean {
  if (method === 'GET' || method === 'POST') return true;
  return method !== '' && method.length <= METHOD_BYTES_MAX && isAll(method, TOKEN);
}

function isPath(path: string, method: string): boolean {
  if (path === '*') return method === 'OPTIONS';
  return path.startsWith('/') && isAll(path, TARGET);
}

function isAll(text: string, belongs: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (belongs[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** What a target is made of in HTTP/1.1, where it will stand between two spaces. */
const TARGET = classOf((code) => code >= 0x21 && code <= 0x7e && code !== 0x23);
