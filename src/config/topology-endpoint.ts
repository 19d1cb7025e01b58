import type { OriginTls } from './topology-origin.ts';

/** `basePath` is put before the request's target; it starts with `/` and does not end with one, or is empty. */
export type EndpointUrl = {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
};

/** How the addresses behind an endpoint's host name are found: `auto` asks DNS, then the system's hosts file. */
export type Resolve = 'auto' | 'dns' | 'srv' | 'system';

/** What is spoken with an endpoint: HTTP/1.1 or HTTP/2, or what it prefers by TLS (ALPN); `h2c` is HTTP/2 without TLS. */
export const UPSTREAM_PROTOCOLS = ['h1', 'h2', 'h2c', 'auto'] as const;
export type UpstreamProtocol = (typeof UPSTREAM_PROTOCOLS)[number];

/** Versions of the PROXY protocol, as they are sent. */
export const SEND_PROXY = ['v1', 'v2'] as const;
export type SendProxy = (typeof SEND_PROXY)[number];

/** What an endpoint is called by those who ask it, and how it is connected to. */
export type EndpointManner = {
  /** Where it says something of that itself: that, laid over what its service says. */
  readonly tls?: OriginTls;
  /** The version of the PROXY header that begins each connection to it; left out: there is none. */
  readonly sendProxy?: SendProxy;
  /** Where clients reach it themselves, without a slash at its end; empty: nowhere. */
  readonly publicUrl: string;
  /** The `Host` that it is sent; undefined: the one that the client asked for. */
  readonly host: string | undefined;
};
