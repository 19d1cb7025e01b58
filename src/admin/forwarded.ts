import type { IncomingHttpHeaders } from 'node:http';

/** What reverse proxies, load balancers and content networks put into what they pass on. */
const FIELDS: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'cdn-loop',
  'cf-connecting-ip',
  'cf-ray',
  'fastly-client-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-proxyuser-ip',
  'x-real-ip',
  'x-request-start',
]);
const PREFIXES = ['x-forwarded', 'x-original-', 'x-envoy-', 'x-amzn-', 'x-appengine-', 'x-azure-'] as const;

/** Whether a field says that somebody in between has passed the request on. */
export function isForwarded(headers: Readonly<IncomingHttpHeaders>): boolean {
  return Object.keys(headers).some((name) => FIELDS.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix)));
}
