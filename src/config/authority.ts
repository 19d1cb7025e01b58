import { isIP } from 'node:net';
import type { EndpointUrl } from './topology-endpoint.ts';

/** The port that a protocol has when none is named. */
export function defaultPort(protocol: EndpointUrl['protocol']): number {
  return protocol === 'https' ? 443 : 80;
}

/** A host as it stands in a URL: an IPv6 address in brackets. */
export function hostText(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** An address with its port, as it stands in a URL and in messages. */
export function addressText(host: string, port: number): string {
  return `${hostText(host)}:${port}`;
}

/** An address as it stands in a `Host` header: with the port when it is not the protocol's own. */
export function authorityOf({ protocol, host, port }: Pick<EndpointUrl, 'protocol' | 'host' | 'port'>): string {
  return port === defaultPort(protocol) ? hostText(host) : addressText(host, port);
}

/** Host and port as a client wrote them, in the one spelling that copies are kept under: lower case, without the protocol's own port. */
export function plainAuthority(protocol: EndpointUrl['protocol'], written: string): string {
  const name = written.toLowerCase();
  const usual = `:${defaultPort(protocol)}`;
  return name.endsWith(usual) ? name.slice(0, -usual.length) : name;
}
