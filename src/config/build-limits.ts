import type { Document } from './schema.ts';
import { CLIENT_LIMIT, CONNECTION_LIMIT, LIMITS } from './schema-limits.ts';
import type { ClientLimit, ConnectionLimit, LimitPolicy, RateLimit } from './topology-limits.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['limits']>;

/** The limits of a service; undefined: none. */
export function buildLimits(given: Given | undefined): LimitPolicy | undefined {
  if (given === undefined) return undefined;
  const { requests, burst, over, concurrent, body, body_pause, target, head, fields, per_client } = complete(
    LIMITS,
    given,
  );
  return {
    rate: rateOf(requests, burst),
    over,
    concurrent,
    bodyBytesMax: body,
    targetBytesMax: target,
    headBytesMax: head,
    fieldsMax: fields,
    bodyPauseMs: body_pause,
    clients: (per_client ?? []).map(clientLimit),
  };
}

function clientLimit(given: NonNullable<Given['per_client']>[number]): ClientLimit {
  const { requests, burst, concurrent, header, certificate, ipv6_prefix } = complete(CLIENT_LIMIT, given);
  return { rate: rateOf(requests, burst), concurrent, header, certificate, ipv6Prefix: ipv6_prefix };
}

/** How many connections one client may open; undefined: any number. */
export function buildConnectionLimit(given: NonNullable<Document['edge']>['per_client']): ConnectionLimit | undefined {
  if (given === undefined) return undefined;
  const { connections, burst, ipv6_prefix } = complete(CONNECTION_LIMIT, given);
  const rate = rateOf(connections, burst);
  return rate === undefined ? undefined : { rate, ipv6Prefix: ipv6_prefix };
}

/** What comes in one second may come at once, where the file does not say. */
function rateOf(requestsPerSecond: number | undefined, burst: number | undefined): RateLimit | undefined {
  if (requestsPerSecond === undefined) return undefined;
  return { requestsPerSecond, burst: burst ?? Math.max(1, Math.ceil(requestsPerSecond)) };
}
