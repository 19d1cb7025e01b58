import type { Topology } from '../config/topology.ts';
import { edgeUrl, reachedAt } from './edge-address.ts';

/** A running edge, as a command asks it. */
export type AdminTarget = { readonly url: string; readonly token: string };

/** The edge has refused, in its own words; `said` is what it sent. */
export class AdminRefusal extends Error {
  readonly said: unknown;

  constructor(message: string, said: unknown) {
    super(message);
    this.said = said;
  }
}

const TIMEOUT_MS = 10_000;
const TOKEN_HINT = 'here: --token TOKEN, MERIDIAN_ADMIN_TOKEN, or -c FILE with the file of the edge';

/**
 * Which edge to ask, for every command that asks one: that of `--admin`, or of the file's `admin.listen`, or of the environment, or the
 * one on this machine. The token is that of `--token`, or of the file, or of MERIDIAN_ADMIN_TOKEN; the last keeps it out of the list
 * of processes.
 */
export async function adminTarget(values: {
  readonly config?: string | undefined;
  readonly admin?: string | undefined;
  readonly token?: string | undefined;
}): Promise<AdminTarget> {
  const topology = values.config === undefined ? undefined : await (await import('./load.ts')).load(values.config);
  const byFile = topology === undefined || values.admin !== undefined ? undefined : adminUrl(topology);
  return {
    url: byFile ?? edgeUrl(values.admin, process.env),
    token: values.token ?? topology?.admin.token ?? process.env['MERIDIAN_ADMIN_TOKEN'] ?? '',
  };
}

/** The address of an edge's admin port, as this machine reaches it. */
export function adminUrl({ admin }: Pick<Topology, 'admin'>): string {
  return reachedAt(admin.listen.host, admin.listen.port);
}

/** How to ask, where that is not by a GET, or by a POST with an order. */
type Manner = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as it is. */
  readonly text?: string;
  readonly timeoutMs?: number;
};

/** What the edge answers; with a body it is an order. Throws with the edge's own words when it refuses. */
export function askAdmin<T>(target: AdminTarget, path: string, body?: object): Promise<T> {
  return askAs(target, path, body === undefined ? {} : { method: 'POST', text: JSON.stringify(body) });
}

/** Like `askAdmin`, in another manner. */
export async function askAs<T>({ url, token }: AdminTarget, path: string, manner: Manner): Promise<T> {
  const { method = 'GET', text, timeoutMs = TIMEOUT_MS } = manner;
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(text === undefined ? {} : { body: text }),
    headers: { ...manner.headers, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: Error) => {
    const why = silence(error, timeoutMs);
    throw new Error(
      `no edge answers on ${url}; is it running? (${why}; the address is admin.listen of the file, or --admin)`,
      {
        cause: error,
      },
    );
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) {
    const words = refusalText(said) ?? `${url}${path} answered ${answer.status}: is that the admin port of an edge?`;
    throw new AdminRefusal(answer.status === 401 ? `${words}\n${TOKEN_HINT}` : words, said);
  }
  if (typeof said !== 'object' || said === null) throw new Error(`${url}${path} is no admin port of Meridian`);
  return said as T;
}

const SILENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that network',
};

/** Why nobody has answered, in a few words. */
function silence(error: Error, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `not within ${timeoutMs / 1000} s`;
  // `fetch` itself says only that it failed.
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return SILENCES[cause?.code ?? ''] ?? cause?.code ?? cause?.message ?? error.message;
}

/** Advice that begins like this is for who calls the admin port: how a request is written. A command has written it already. */
const FOR_CALLERS = /^(?:ask for \/|send JSON )/;

function refusalText(said: unknown): string | undefined {
  const { error, fix, problems } = (said ?? {}) as { error?: unknown; fix?: unknown; problems?: unknown };
  if (typeof error !== 'string') return undefined;
  const lines = Array.isArray(problems) ? problems.map((problem) => `  ${String(problem)}`) : [];
  const told = typeof fix === 'string' && !FOR_CALLERS.test(fix) ? [fix] : [];
  return [`${error}${lines.length > 0 ? ':' : ''}`, ...lines, ...told].join('\n');
}
