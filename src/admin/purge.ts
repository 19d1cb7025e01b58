import { plainAuthority } from '../config/authority.ts';
import { isMapping } from '../config/raw.ts';
import type { AdminPorts, PurgeOrder, PurgeReport } from './ports.ts';
import { type AdminReply, json, refuse } from './reply.ts';

const EXAMPLE =
  'send {"service": "shop", "url": "https://shop.example.com/a"}, or "prefix": "https://shop.example.com/a/", or "all": true';
/** As long as a request's own target may be, and its scheme and host. */
const URL_CHARS_MAX = 33 * 1024;

/** The answer of `/cache/purge`: how many threads have forgotten the copies that the body names. */
export async function purgeReply(body: string, purge: AdminPorts['purge']): Promise<AdminReply> {
  const order = orderOf(body);
  if (typeof order === 'string') return refuse(400, order, EXAMPLE);
  const done = await purge(order);
  if ('error' in done) return refuse(done.status, done.error, done.fix ?? EXAMPLE);
  if (done.failed.length === 0 && done.threads > 0) return json(200, { ok: true, ...order, threads: done.threads });
  return json(503, { ok: false, error: problemOf(done), fix: FIX, ...order, ...done });
}

const FIX =
  'threads that failed do not serve these copies and go on trying; look for what locks or fills the file, and purge again to be told of the end';

function problemOf({ threads, failed }: PurgeReport): string {
  if (failed.length === 0) return 'there is no edge thread to forget anything; nothing is purged';
  const of = threads + failed.length;
  return `${failed.length} of ${of} edge threads could not forget the copies: ${failed[0]?.error}`;
}

/** What the body asks for, or what is wrong with it. */
function orderOf(body: string): PurgeOrder | string {
  const said = objectOf(body);
  if (typeof said === 'string') return said;
  const { service, url, prefix, all, ...unknown } = said;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) return `unknown key "${strange}"`;
  if (typeof service !== 'string' || service === '') return 'service is missing';
  if ([url, prefix, all].filter((what) => what !== undefined).length !== 1) {
    return 'it must have exactly one of url, prefix and all';
  }
  if (all !== undefined) return all === true ? { service, prefix: '' } : 'all must be true';
  const where = addressOf(url ?? prefix);
  if ('problem' in where) return where.problem;
  return url === undefined ? { service, prefix: where.address } : { service, url: where.address };
}

function objectOf(body: string): Readonly<Record<string, unknown>> | string {
  try {
    const said: unknown = JSON.parse(body);
    if (isMapping(said)) return { ...said };
    return 'the body is no JSON object';
  } catch {
    return 'the body is no JSON';
  }
}

function addressOf(where: unknown): { readonly address: string } | { readonly problem: string } {
  if (typeof where !== 'string' || where.length > URL_CHARS_MAX) return { problem: 'url and prefix must be texts' };
  const parts = /^(https?):\/\/([^/?#]+)(\/[^#]*)?$/i.exec(where);
  return parts === null ? { problem: `"${where}" is no http address with a path` } : { address: tidied(parts) };
}

/** Scheme and host in lower case and without the usual port, as copies are filed; the path as it stands. */
function tidied([, scheme = '', host = '', path = '/']: readonly (string | undefined)[]): string {
  const protocol = scheme.toLowerCase() === 'https' ? 'https' : 'http';
  return `${protocol}://${plainAuthority(protocol, host)}${path}`;
}
