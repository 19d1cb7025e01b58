import type { Topology } from '../config/topology.ts';
import { load } from './load.ts';
import { UsageError } from './usage.ts';

/** A running edge, as a command asks it. */
export type AdminTarget = { readonly url: string; readonly token: string };

/** Options of every command that asks a running edge; for `parseArgs`. */
export const ADMIN_OPTIONS = {
  config: { type: 'string', short: 'c' },
  admin: { type: 'string' },
  token: { type: 'string' },
} as const;

const TIMEOUT_MS = 10_000;
const DEFAULT_URL = 'http://127.0.0.1:9901';

/**
 * Which edge to ask: that of `--admin`, or of the file's `admin.listen`, or the one on this machine. The token is that of
 * `--token`, or of the file, or of MERIDIAN_ADMIN_TOKEN; the last keeps it out of the list of processes.
 */
export async function adminTarget(values: {
  readonly config?: string | undefined;
  readonly admin?: string | undefined;
  readonly token?: string | undefined;
}): Promise<AdminTarget> {
  const topology = values.config === undefined ? undefined : await load(values.config);
  const url = values.admin ?? (topology === undefined ? DEFAULT_URL : adminUrl(topology));
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`--admin ${url} is no URL such as ${DEFAULT_URL}`);
  }
  return {
    url: parsed.origin,
    token: values.token ?? topology?.admin.token ?? process.env['MERIDIAN_ADMIN_TOKEN'] ?? '',
  };
}

/** The address of an edge's admin port, as this machine reaches it. */
export function adminUrl({ admin }: Pick<Topology, 'admin'>): string {
  const { host, port } = admin.listen;
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** What the edge answers; with a body it is an order. Throws with the edge's own words when it refuses. */
export async function askAdmin<T>({ url, token }: AdminTarget, path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const order = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, {
    ...order,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Error(`no edge answers on ${url}; is it running? (admin.listen in the file, or --admin)`, {
      cause: error,
    });
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Error(refusalText(said) ?? `${url}${path} answered ${answer.status}`);
  if (typeof said !== 'object' || said === null) throw new Error(`${url}${path} is no admin port of Meridian`);
  return said as T;
}

function refusalText(said: unknown): string | undefined {
  const { error, fix, problems } = (said ?? {}) as { error?: unknown; fix?: unknown; problems?: unknown };
  if (typeof error !== 'string') return undefined;
  const lines = Array.isArray(problems) ? problems.map((problem) => `  ${String(problem)}`) : [];
  return [`${error}${lines.length > 0 ? ':' : ''}`, ...lines, ...(typeof fix === 'string' ? [fix] : [])].join('\n');
}
