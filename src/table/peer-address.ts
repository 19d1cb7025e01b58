/** Who is on the other side of a connection. Empty when it has gone before anybody asked. */
export function peerAddressOf(socket: { readonly remoteAddress?: string | undefined }): string {
  return unmapped(socket.remoteAddress ?? '');
}

/**
 * An IPv4 address as everybody writes it: a socket that listens for both families shows `1.2.3.4` as `::ffff:1.2.3.4`, and a
 * proxy may pass it on in hexadecimal. Rules, headers, logs and look-ups know one spelling of an address, which is made here.
 */
export function unmapped(address: string): string {
  if (!address.includes(':')) return address;
  const rest = MAPPED.exec(address)?.[1];
  if (rest === undefined) return address;
  if (rest.includes('.')) return rest;
  const [high, low] = rest.split(':').map((part) => Number.parseInt(part, 16)) as [number, number];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** RFC 4291 §2.5.5.2, also with its zeros written out. */
const MAPPED = /^(?:::|(?:0{1,4}:){5})ffff:((?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4}:[\da-f]{1,4})$/i;

/** The version of TLS on a connection, such as `TLSv1.3`; empty without it. */
export function tlsVersionOf(socket: object): string {
  return 'getProtocol' in socket ? ((socket as { readonly getProtocol: () => string | null }).getProtocol() ?? '') : '';
}
