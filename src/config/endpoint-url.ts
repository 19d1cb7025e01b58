import { defaultPort } from './authority.ts';
import { type Kind, mustBe, right, textKind, wrong } from './kind.ts';
import type { EndpointUrl } from './topology-endpoint.ts';

const EXPECTED = 'a URL such as http://10.0.0.1:8080 or https://shop.example.com/base';

/**
 * Where an endpoint is: scheme, host, port (80 or 443 when absent) and a path that is put before the request's own. An
 * IPv6 host comes back without brackets. Credentials, a query and a fragment are refused: there is nothing they could
 * mean for every request, and a password here would end up in logs.
 */
export const endpointUrl: Kind<EndpointUrl> = textKind(EXPECTED, { pattern: '^https?://' }, (text) => {
  const problem = spellingProblem(text);
  if (problem !== undefined) return wrong(problem);
  const url = URL.parse(text);
  if (url === null) return wrong(mustBe(EXPECTED, text));
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? defaultPort(protocol) : Number(url.port);
  if (port === 0) return wrong('has port 0; name the port that the endpoint listens on');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return right({ protocol, host, port, basePath: url.pathname.replace(/\/+$/, '') });
});

/** The text itself is looked at, since `URL` quietly mends or drops most of this. Nothing with an `@` is shown. */
function spellingProblem(url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (/@/.test(url.replace(/^[^/]*\/\//, '').split(/[/?#]/)[0] ?? '')) {
    return 'must have no user name or password; remove everything before and with the "@"';
  }
  if (scheme === undefined) return `${mustBe(EXPECTED, url)}; begin it with http:// or https://`;
  if (scheme !== 'http' && scheme !== 'https')
    return `has the scheme ${scheme}; only http and https can be forwarded to`;
  if (/[\s\\]/.test(url)) return `${mustBe(EXPECTED, url)}; remove spaces and backslashes`;
  if (url.includes('?')) return 'must have no query; remove the "?" and what follows it';
  if (url.includes('#')) return 'must have no fragment; remove the "#" and what follows it';
  return undefined;
}
