/** A certificate and its key as files; `bundleFile` has both, as HAProxy wants them. */
export type TlsFiles = { readonly certFile: string; readonly keyFile: string; readonly bundleFile: string };

/** What the file of a peer is made from. */
export type PeerSpec = {
  /** Where it may leave what it writes. */
  readonly folder: string;
  readonly port: number;
  /** Ports of the origins on loopback. */
  readonly origins: readonly number[];
  /** Serves HTTPS instead of HTTP. */
  readonly tls?: TlsFiles;
  /** Writes a line for every request, to a file in its folder. */
  readonly logs?: boolean;
};
