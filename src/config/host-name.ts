import { isAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, textKind, wrong } from './kind.ts';

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(`^(?:${LABEL}\\.)*${LABEL}$`);
const EXPECTED = 'a host name such as shop.example.com or *.example.com';

/** A DNS name in lower case, by RFC 1035's lengths; underscores are let through, since they are in use. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && HOST.test(text);
}

const NAME_EXPECTED = 'a host name such as edge-1.internal';

/** One host name, without a port; in lower case. */
export const hostName: Kind<string> = textKind(NAME_EXPECTED, { minLength: 1 }, (text) => {
  const host = text.toLowerCase();
  if (!/^[\d.]+$/.test(host) && isHostName(host)) return right(host);
  return wrong(
    mustBe(NAME_EXPECTED, text) + (host === '' ? '' : host.includes('*') ? '; name each host' : hostHint(host)),
  );
});

/** A host that a service answers to: a name, `*.` and a name, or an address; returned as a Host header has it: lower case, IPv6 in brackets. */
export const hostPattern: Kind<string> = textKind(EXPECTED, { minLength: 1 }, (text) => {
  const host = text.toLowerCase();
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isAddress(address)) return right(address.includes(':') ? `[${address}]` : address);
  if (!/^[\d.]+$/.test(host) && isHostName(host.replace(/^\*\./, ''))) return right(host);
  return wrong(mustBe(EXPECTED, text) + hostHint(host));
});

function hostHint(host: string): string {
  if (host === '*' || host === '') return '; leave out hosts to take every host';
  if (host.includes('://')) return '; leave out the scheme';
  if (host.includes('/')) return '; leave out the path, which goes into prefix';
  if (/:\d+$/.test(host)) return '; leave out the port, which is not compared';
  if (host.endsWith('.')) return '; leave out the last dot';
  if (host.includes('*')) return '; a star may only stand for the first labels, as in *.example.com';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it asks for anything outside ASCII
  if (/[^\x00-\x7f]/.test(host)) return asciiHint(host);
  return '';
}

function asciiHint(host: string): string {
  const url = URL.parse(`http://${host}`);
  return url === null ? '' : `; write it as it is on the wire: ${url.hostname}`;
}
