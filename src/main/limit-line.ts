import type { Explained } from '../compose/explain-request.ts';
import type { LimitPolicy, RateLimit } from '../config/topology-limits.ts';

/** What a service takes of its clients, in one line. */
export function limitLine({ rate, concurrent, bodyBytesMax, targetBytesMax, clients }: LimitPolicy): string {
  const parts = [
    ...requestsOf(rate, concurrent),
    ...(bodyBytesMax === undefined ? [] : [`bodies of ${bodyBytesMax} bytes`]),
    ...(targetBytesMax === undefined ? [] : [`targets of ${targetBytesMax} bytes`]),
    ...clients.map(({ header, ipv6Prefix, ...limit }) => {
      const by = header ?? `address, IPv6 by its /${ipv6Prefix}`;
      return `of each client (by ${by}) ${requestsOf(limit.rate, limit.concurrent).join(' and ')}`;
    }),
  ];
  return `limits: at most ${parts.join('; ')}`;
}

/** How long its requests may take, in one line. */
export function deadlineLine({ ms, header }: NonNullable<Explained['deadline']>): string {
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
