import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { factsOf } from '../client/connection-facts.ts';
import { CONTENT_LENGTH, EXPECT, HOST, kindOfName, TRANSFER_ENCODING } from '../message/field-kind.ts';
import {
  isKnownExpectation,
  joinedHeader,
  ListedFields,
  Peer,
  type RequestHead,
  UNKNOWN_EXPECTATION,
} from '../message/request-head.ts';

/** Why a request is not taken, in words for the client; the status is 400 unless it says otherwise. */
export type IntakeProblem = { readonly problem: string; readonly status: 400 | 417 | 501 | 505 };

/** `reg-name`, IPv4 or bracketed IPv6 with an optional port (RFC 3986 §3.2.2), without percent-encoding. */
const VALID_HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;
const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/i;

/**
 * A request's head as the pipeline wants it, from what Node's parser has let through. The parser is strict about framing;
 * this closes what it leaves open: a second Host, a version that is none, codings we cannot undo, targets with a
 * fragment (RFC 9112 §3.2, §6.1).
 */
export function intake(request: IncomingMessage): RequestHead | IntakeProblem {
  const { rawHeaders, httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return problem('only HTTP/1.0 and HTTP/1.1 are spoken here', 505);
  const scan = scanHeaders(rawHeaders);
  const wrong =
    framingProblem(scan, httpVersion) ?? hostProblem(scan, httpVersion) ?? expectationProblem(scan, httpVersion);
  if (wrong !== undefined) return wrong;
  const target = targetOf(request, scan.host);
  if ('problem' in target) return target;
  if (target.host !== '' && !VALID_HOST.test(target.host)) return problem('the Host is not valid');
  const known = otherEndOf(request.socket);
  const hasBody = scan.coding !== '' || (scan.length !== '' && !/^0+$/.test(scan.length));
  return {
    method: request.method ?? 'GET',
    target: target.target,
    host: target.host,
    headers: rawHeaders,
    fields: new ListedFields(rawHeaders),
    version: httpVersion,
    protocol: known.protocol,
    peerAddress: known.address,
    peer: known.peer,
    hasBody,
    upgrade:
      (request as { readonly upgrade?: boolean }).upgrade === true ? joinedHeader(rawHeaders, 'upgrade') : undefined,
    // RFC 9110 §10.1.1: it is about a body, and does not exist in HTTP/1.0.
    expectsContinue: hasBody && httpVersion === '1.1' && scan.expectation !== undefined,
  };
}

/** Who is at the other end of a connection, found out once for all of its requests. */
type OtherEnd = { readonly protocol: 'http' | 'https'; readonly address: string; readonly peer: Peer };
const OTHER_END = Symbol('other end');

function otherEndOf(socket: Socket & { [OTHER_END]?: OtherEnd }): OtherEnd {
  const known = socket[OTHER_END];
  if (known !== undefined) return known;
  const { protocol, address, tlsVersion, certificate } = factsOf(socket);
  const found = { protocol, address, peer: new Peer(tlsVersion, certificate) };
  socket[OTHER_END] = found;
  return found;
}

function hostProblem({ hosts }: HeaderScan, version: string): IntakeProblem | undefined {
  if (hosts > 1) return problem('more than one Host');
  return hosts === 0 && version === '1.1' ? problem('there is no Host') : undefined;
}

function expectationProblem({ expectation }: HeaderScan, version: string): IntakeProblem | undefined {
  if (expectation === undefined || version !== '1.1' || isKnownExpectation(expectation)) return undefined;
  return problem(UNKNOWN_EXPECTATION, 417);
}

type HeaderScan = { hosts: number; host: string; coding: string; length: string; expectation: string | undefined };

function scanHeaders(rawHeaders: readonly string[]): HeaderScan {
  const scan: HeaderScan = { hosts: 0, host: '', coding: '', length: '', expectation: undefined };
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const kind = kindOfName(rawHeaders[i] as string);
    const value = rawHeaders[i + 1] as string;
    if (kind === HOST) {
      scan.hosts += 1;
      scan.host = value;
    } else if (kind === TRANSFER_ENCODING) scan.coding = scan.coding === '' ? value : `${scan.coding}, ${value}`;
    else if (kind === CONTENT_LENGTH) scan.length = value;
    else if (kind === EXPECT) scan.expectation = value;
  }
  return scan;
}

function framingProblem(scan: HeaderScan, version: string): IntakeProblem | undefined {
  if (scan.coding === '') return undefined;
  if (version === '1.0') return problem('Transfer-Encoding does not exist in HTTP/1.0');
  if (scan.length !== '') return problem('Content-Length beside Transfer-Encoding');
  if (scan.coding.toLowerCase() === 'chunked') return undefined;
  // RFC 9112 §6.3: where the last coding is not chunked, nobody can tell where the body ends.
  if (!/,[ \t]*chunked$/i.test(scan.coding)) return problem('the last transfer coding is not chunked');
  return problem('only the chunked coding is known', 501);
}

function targetOf(request: IncomingMessage, host: string): { target: string; host: string } | IntakeProblem {
  const url = request.url ?? '/';
  if (url.includes('#')) return problem('the target has a fragment');
  if (url.startsWith('/')) return { target: url, host };
  if (url === '*' && request.method === 'OPTIONS') return { target: url, host };
  const absolute = ABSOLUTE.exec(url);
  if (absolute === null) return problem('the target is neither a path nor an http address');
  const [, authority, rest] = absolute as unknown as [string, string, string];
  if (authority.includes('@')) return problem('the target carries credentials');
  // RFC 9112 §3.2.2: the target's authority replaces whatever Host says.
  return { target: rest.startsWith('/') ? rest : `/${rest}`, host: authority };
}

function problem(text: string, status: IntakeProblem['status'] = 400): IntakeProblem {
  return { problem: text, status };
}
