import type { Document } from './schema.ts';
import { CLIENT_LIMIT, LIMITS } from './schema-limits.ts';
import type { ClientLimit, LimitPolicy, RateLimit } from './topology-limits.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['limits']>;

/** The limits of a service; undefined: none. */
export function buildLimits(given: Given | undefined): LimitPolicy | undefined {
  if (given === undefined) return undefined;
  const { requests, burst, concurrent, body, target, per_client } = complete(LIMITS, given);
  return {
    rate: rateOf(requests, burst),
    concurrent,
    bodyBytesMax: body,
    targetBytesMax: target,
    clients: (per_client ?? []).map(clientLimit),
  };
}

function clientLimit(given: NonNullable<Given['per_client']>[number]): ClientLimit {
  const { requests, burst, concurrent, header, ipv6_prefix } = complete(CLIENT_LIMIT, given);
  return { rate: rateOf(requests, burst), concurrent, header, ipv6Prefix: ipv6_prefix };
}

/** What comes in one second may come at once, where the file does not say. */
function rateOf(requestsPerSecond: number | undefined, burst: number | undefined): RateLimit | undefined {
  if (requestsPerSecond === undefined) return undefined;
  return { requestsPerSecond, burst: burst ?? Math.max(1, Math.ceil(requestsPerSecond)) };
}
