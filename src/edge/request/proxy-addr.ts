import proxyAddr from '@fastify/proxy-addr';

/** Says whether the peer at an address may speak for its clients. */
export type Trust = (address: string) => boolean;

/**
 * Trust in addresses, CIDRs and the names loopback, linklocal and uniquelocal. Throws on anything else; the
 * configuration has let nothing else through.
 */
export function compileTrust(trusted: readonly string[]): Trust {
  if (trusted.length === 0) return () => false;
  const compiled = proxyAddr.compile([...trusted]);
  return (address) => compiled(address, 0);
}
