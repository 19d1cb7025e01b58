import { HEALTHCHECK } from './commands/serving.ts';
import { edgeUrl, listenUrl } from './edge-address.ts';
import { httpGet, type PlainAnswer } from './http-get.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

const TIMEOUT_MS = 2000;

/**
 * Asks a running edge whether it is ready; for a container's HEALTHCHECK. It runs every few seconds beside the edge, so it loads as little
 * as it can: no HTTP client, no schema.
 */
export async function healthcheck(args: string[]): Promise<number> {
  const { values } = parsed(HEALTHCHECK, args);
  const url = await urlOf(values);
  const { status, body } = await get(url).catch((error: Error & { code?: string }) => {
    throw new Error(`${url.href} does not answer (${error.code ?? error.message})`, { cause: error });
  });
  const said = body.trim() === '' ? `${url.href} answered ${status}` : body;
  process.stdout.write(said.endsWith('\n') ? said : `${said}\n`);
  return status >= 200 && status < 300 ? EXIT.fine : EXIT.failed;
}

type Asked = {
  readonly url?: string | undefined;
  readonly admin?: string | undefined;
  readonly config?: string | undefined;
};

async function urlOf({ url, admin, config }: Asked): Promise<URL> {
  if (url === undefined) return new URL('/readyz', await edge(admin, config));
  const parsedUrl = URL.parse(url);
  if (parsedUrl === null || !/^https?:$/.test(parsedUrl.protocol)) {
    throw new UsageError(`--url ${url} is no URL such as http://127.0.0.1:9901/readyz`);
  }
  return parsedUrl;
}

async function edge(admin: string | undefined, config: string | undefined): Promise<string> {
  if (config === undefined || admin !== undefined) return edgeUrl(admin, process.env);
  const { adminListenOf } = await import('./listen-in-file.ts');
  const listen = await adminListenOf(config, process.env);
  // What is no address there is told by `validate`, and by an edge that does not start.
  return (listen === undefined ? undefined : listenUrl(listen)) ?? edgeUrl(undefined, {});
}

async function get(url: URL): Promise<PlainAnswer> {
  if (url.protocol === 'http:') return httpGet(url, TIMEOUT_MS);
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { status: answer.status, body: await answer.text() };
}
