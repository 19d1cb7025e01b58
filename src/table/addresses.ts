/** Where one connection to an endpoint may go. */
export type Address = { readonly host: string; readonly port: number };

/**
 * The addresses behind endpoints' host names, by endpoint id, as discovery last found them. An endpoint that is not in
 * here has an IP address for a host, or has not been resolved yet: the connection then asks the system's resolver.
 */
export type AddressBook = Readonly<Record<string, readonly Address[]>>;

/** The addresses in turn, beginning with the one at `first`, which may go on past the end: it is counted round. */
export function rotated(addresses: readonly Address[], first: number): readonly Address[] {
  const from = first % addresses.length;
  return [...addresses.slice(from), ...addresses.slice(0, from)];
}
