import type { Policies } from '../compose/explain-policies.ts';
import { shareText } from '../config/share.ts';
import type { LimitPolicy, RateLimit } from '../config/topology-limits.ts';

/** What a service takes of its clients, in one line. */
export function limitLine(policy: LimitPolicy): string {
  const { rate, over, concurrent, bodyBytesMax, bodyPauseMs, targetBytesMax, headBytesMax, fieldsMax, clients } =
    policy;
  const parts = [
    ...requestsOf(rate, concurrent),
    ...(over === 'edge' && [rate, ...clients.map((one) => one.rate)].some((one) => one !== undefined)
      ? ['each of them by every edge of a fleet for itself']
      : []),
    ...(bodyBytesMax === undefined ? [] : [`bodies of ${bodyBytesMax} bytes`]),
    ...(bodyPauseMs === undefined ? [] : [`${bodyPauseMs / 1000} s between two pieces of a body`]),
    ...(targetBytesMax === undefined ? [] : [`targets of ${targetBytesMax} bytes`]),
    ...(headBytesMax === undefined ? [] : [`heads of ${headBytesMax} bytes`]),
    ...(fieldsMax === undefined ? [] : [`${fieldsMax} fields in a head`]),
    ...clients.map(({ header, certificate, ipv6Prefix, ...limit }) => {
      const otherwise = header ?? `address, IPv6 by its /${ipv6Prefix}`;
      const by = certificate === undefined ? otherwise : `${certificate} of its certificate, else ${otherwise}`;
      return `of each client (by ${by}) ${requestsOf(limit.rate, limit.concurrent).join(' and ')}`;
    }),
  ];
  return `limits: at most ${parts.join('; ')}`;
}

/** Which part of what a service takes is this edge's, in one line. */
export function partsLine({ all, client }: NonNullable<Policies['limitParts']>): string {
  const parts = [
    ...(all === undefined ? [] : [`${shareText(all)} of what all clients may ask`]),
    ...(client === undefined ? [] : [`${shareText(client)} of what this client may`]),
  ];
  return `limits over the fleet: this edge has ${parts.join(' and ')}`;
}

/** How long its requests may take, in one line. */
export function deadlineLine({ ms, header }: NonNullable<Policies['deadline']>): string {
  const time = ms === undefined ? 'none but what clients say themselves' : `${ms / 1000} s over all tries`;
  return `deadline: ${time}${header === undefined ? '' : `, told to endpoints in ${header}`}`;
}

function requestsOf(rate: RateLimit | undefined, concurrent: number | undefined): readonly string[] {
  return [
    ...(rate === undefined ? [] : [`${perSecond(rate)} requests a second, ${rate.burst} at once`]),
    ...(concurrent === undefined ? [] : [`${concurrent} under way`]),
  ];
}

function perSecond({ requestsPerSecond }: RateLimit): string {
  return String(Number(requestsPerSecond.toPrecision(3)));
}
