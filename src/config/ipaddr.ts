import ipaddr from 'ipaddr.js';
import { type Kind, mustBe, right, textKind, wrong } from './kind.ts';
import { didYouMean } from './suggest.ts';

const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
const EXPECTED = 'an address, a CIDR such as 10.0.0.0/8, or one of loopback, linklocal and uniquelocal';

/** An IPv4 address in its four-part form, or an IPv6 address without a zone. */
export function isAddress(text: string): boolean {
  // The library also reads 10.1 and 0x7f000001 as inet_aton did; in a configuration those are slips.
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (!text.includes('%') && ipaddr.IPv6.isValid(text));
}

/** A peer whose forwarding headers are believed: an address, a CIDR, or the name of a well-known range. */
export const trustedPeer: Kind<string> = textKind(EXPECTED, { minLength: 1 }, (text) => {
  if (NAMES.includes(text) || isAddress(text) || isCidr(text)) return right(text);
  return wrong(mustBe(EXPECTED, text) + peerHint(text));
});

const NETWORK = 'an address, or a CIDR such as 10.0.0.0/8';

/** An address or a network of addresses. */
export const networkAddress: Kind<string> = textKind(NETWORK, { minLength: 1 }, (text) => {
  return isAddress(text) || isCidr(text) ? right(text) : wrong(mustBe(NETWORK, text) + cidrHint(text));
});

function isCidr(text: string): boolean {
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || (!text.includes('%') && ipaddr.IPv6.isValidCIDR(text));
}

function peerHint(text: string): string {
  return cidrHint(text) || didYouMean(text, NAMES);
}

function cidrHint(text: string): string {
  const [address = '', bits] = text.split('/');
  if (bits === undefined || !isAddress(address)) return '';
  return `; after the slash of ${address} goes a number from 0 to ${ipaddr.IPv6.isValid(address) ? 128 : 32}`;
}
