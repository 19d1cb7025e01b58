import { addressText } from '../config/authority.ts';
import { UsageError } from './usage.ts';

export const DEFAULT_URL = 'http://127.0.0.1:9901';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where the edge to ask has its admin port, unless a file says it: the URL that was given, that of MERIDIAN_ADMIN_URL, the address of
 * MERIDIAN_ADMIN_LISTEN, as the image and `config/meridian.yaml` use it, or the usual one on this machine. Without a path.
 */
export function edgeUrl(given: string | undefined, env: Env): string {
  if (given !== undefined) return originOf(given, '--admin');
  const named = env['MERIDIAN_ADMIN_URL'] ?? '';
  if (named !== '') return originOf(named, 'MERIDIAN_ADMIN_URL');
  const listen = env['MERIDIAN_ADMIN_LISTEN'] ?? '';
  if (listen === '') return DEFAULT_URL;
  const url = listenUrl(listen);
  if (url === undefined) throw new UsageError(`MERIDIAN_ADMIN_LISTEN ${listen} is no address such as 127.0.0.1:9901`);
  return url;
}

/** The URL at which this machine reaches whoever listens on `host:port`, `[v6]:port` or `:port`; undefined if it is none of these. */
export function listenUrl(listen: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]/@?#]*)):(\d{1,5})$/i.exec(listen);
  if (match === null) return undefined;
  return reachedAt(match[1] ?? match[2] ?? '', Number(match[3]));
}

/** The same of a host, an IPv6 one without brackets, and a port. What listens everywhere is reached over loopback. */
export function reachedAt(host: string, port: number): string {
  const reached = host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${addressText(reached, port)}`;
}

function originOf(url: string, from: string): string {
  const parsed = URL.parse(url);
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed.origin;
  throw new UsageError(`${from} ${url} is no URL such as ${DEFAULT_URL}`);
}
