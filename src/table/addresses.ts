/** Where one connection to an endpoint may go. */
export type Address = { readonly host: string; readonly port: number };

/**
 * The addresses behind endpoints' host names, by endpoint id, as discovery last found them. An endpoint that is not in
 * here has an IP address for a host, or has not been resolved yet: the connection then asks the system's resolver.
 */
export type AddressBook = Readonly<Record<string, readonly Address[]>>;
