import { DECISION_BOUNDS_US, HTTP_VERSIONS, TOTALS, type Total, type WorkerBlock } from '../table/worker-block.ts';
import type { Family, Sample } from './family.ts';
import { histogramSamples } from './histogram.ts';

/** What the edge threads count as a whole, whichever endpoint it was about. `controlDrops` are the control thread's own. */
export function threadFamilies(blocks: readonly WorkerBlock[], controlDrops: () => number): readonly Family[] {
  const sum = (cell: (block: WorkerBlock) => number) => blocks.reduce((total, block) => total + cell(block), 0);
  const total = (of: Total) => sum(({ totals }) => totals[TOTALS.indexOf(of)] as number);
  return [
    ...TOTAL_FAMILIES.map(({ of, name, help }): Family => {
      const more = of === 'log-dropped' ? controlDrops : () => 0;
      return { name, help, type: 'counter', samples: () => single(total(of) + more()) };
    }),
    {
      name: DECISION,
      help: 'Time to choose an endpoint. One decision in 64 is timed, so the count is of samples, not of decisions.',
      type: 'histogram',
      samples: () => decisionSamples(sum, blocks),
    },
    {
      name: 'meridian_open_streams',
      help: 'Upgraded streams (WebSockets) that are open now.',
      type: 'gauge',
      samples: () => single(sum(({ openStreams }) => openStreams[0] as number)),
    },
    {
      name: 'meridian_client_connections',
      help: 'Client connections that are open now.',
      type: 'gauge',
      samples: () => single(sum(({ connections }) => connections[0] as number)),
    },
    {
      name: 'meridian_connections',
      help: 'Client connections that are open now, by what they speak and what goes on there.',
      type: 'gauge',
      samples: () => connectionSamples(sum),
    },
    {
      name: 'meridian_requests_by_version_total',
      help: 'Requests of clients that a service took, by the version of HTTP that the client spoke.',
      type: 'counter',
      samples: () =>
        HTTP_VERSIONS.map((http, i) => ({ labels: { http }, value: sum(({ versions }) => versions[i] as number) })),
    },
    {
      name: 'meridian_event_loop_lag_seconds',
      help: '99th percentile of event-loop delay over the last second, by edge thread.',
      type: 'gauge',
      samples: () =>
        blocks.flatMap(({ loopLagMs }, thread) => {
          const ms = loopLagMs[0] as number;
          return Number.isNaN(ms) ? [] : [{ labels: { thread: String(thread) }, value: ms / 1000 }];
        }),
    },
  ];
}

const DECISION = 'meridian_decision_seconds';
const DECISION_BOUNDS_S = DECISION_BOUNDS_US.map((us) => us / 1e6);

/** Panics are counted by service, from their events. */
const TOTAL_FAMILIES: readonly { readonly of: Total; readonly name: string; readonly help: string }[] = [
  {
    of: 'retry-budget-exhausted',
    name: 'meridian_retry_budget_exhausted_total',
    help: 'Attempts that were not made because the retry budget was used up.',
  },
  {
    of: 'bad-request',
    name: 'meridian_bad_requests_total',
    help: 'Requests that were refused because they could not be read or matched no service.',
  },
  {
    of: 'no-candidate',
    name: 'meridian_no_candidate_total',
    help: 'Requests that no endpoint could be found for, and that got a 503.',
  },
  { of: 'loop', name: 'meridian_loops_total', help: 'Requests that had been through this edge before, and got a 508.' },
  {
    of: 'unknown-priority',
    name: 'meridian_unknown_priorities_total',
    help: 'Requests that asked for a routing priority that does not exist, and got the default.',
  },
  {
    of: 'body-broken',
    name: 'meridian_broken_bodies_total',
    help: 'Answers that an endpoint broke off in the middle.',
  },
  { of: 'upgrade', name: 'meridian_upgrades_total', help: 'Requests that became upgraded streams (WebSockets).' },
  {
    of: 'unread-hand-over',
    name: 'meridian_unread_handovers_total',
    help: 'Connections that went to the general engine for a request of no service, or whose head the wire engine does not read.',
  },
  {
    of: 'stale-connection',
    name: 'meridian_stale_connections_total',
    help: 'Connections to endpoints that were found dead when they were used again.',
  },
  {
    of: 'log-dropped',
    name: 'meridian_log_lines_dropped_total',
    help: 'Log lines that were dropped because standard output was not read fast enough.',
  },
];

/** A connection of HTTP/1 carries one request at a time, so that those which are not idle are as many as the requests under way on them. */
function connectionSamples(sum: (cell: (block: WorkerBlock) => number) => number): readonly Sample[] {
  const upgraded = sum(({ openStreams }) => openStreams[0] as number);
  const [idle2, active2, requests2] = [0, 1, 2].map((i) => sum(({ http2Now }) => http2Now[i] as number)) as Three;
  const others = upgraded + idle2 + active2;
  const rest = Math.max(0, sum(({ connections }) => connections[0] as number) - others);
  const active = Math.min(rest, Math.max(0, sum(({ requestsNow }) => requestsNow[0] as number) - requests2));
  const of = (state: string, protocol: string, value: number): Sample => ({ labels: { state, protocol }, value });
  return [
    of(
      'handshake',
      'tls',
      sum(({ handshakes }) => handshakes[0] as number),
    ),
    of('idle', 'http/1', rest - active),
    of('active', 'http/1', active),
    of('idle', 'http/2', idle2),
    of('active', 'http/2', active2),
    of('active', 'upgraded', upgraded),
  ];
}

type Three = [number, number, number];

function decisionSamples(sum: (cell: (block: WorkerBlock) => number) => number, blocks: readonly WorkerBlock[]) {
  if (blocks.length === 0) return [];
  const cells = [...DECISION_BOUNDS_S, Number.POSITIVE_INFINITY].map((_, i) =>
    sum(({ decisions }) => decisions[i] as number),
  );
  const sumS = sum(({ decisionSumUs }) => decisionSumUs[0] as number) / 1e6;
  return histogramSamples(DECISION, DECISION_BOUNDS_S, { labels: {}, cells, sum: sumS });
}

function single(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}
