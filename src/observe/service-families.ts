import {
  bucketsAt,
  countCell,
  DURATION_BOUNDS_S,
  DURATION_CELLS,
  type ServiceCount,
  type ServiceTime,
  STATUS_CLASSES,
  sumCell,
} from '../table/service-cells.ts';
import type { Family, Sample } from './family.ts';
import { histogramSamples } from './histogram.ts';
import type { ServiceReading } from './service-totals.ts';

/** What became of the requests of each service, and what it took. */
export function serviceFamilies(read: () => readonly ServiceReading[]): readonly Family[] {
  return [
    {
      name: 'meridian_requests_total',
      help: 'Client requests that were answered, by service and first digit of the status.',
      type: 'counter',
      samples: () => read().flatMap(statusSamples),
    },
    ...TIMES.map(
      ({ time, name, help }): Family => ({
        name,
        help,
        type: 'histogram',
        samples: () => read().flatMap((service) => timeSamples(name, time, service)),
      }),
    ),
    {
      name: 'meridian_limited_requests_total',
      help: 'Requests that went beyond a limit of their service and were refused, by service and limit.',
      type: 'counter',
      samples: () => read().flatMap(limitSamples),
    },
    ...KINDS.map(
      ({ name, help, label, counts }): Family => ({
        name,
        help,
        type: 'counter',
        samples: () =>
          read().flatMap(({ name: service, cells }) =>
            Object.entries(counts).map(([kind, count]) => ({
              labels: { service, [label]: kind },
              value: cells[countCell(count)] as number,
            })),
          ),
      }),
    ),
    ...COUNTS.map(
      ({ count, name, help }): Family => ({
        name,
        help,
        type: 'counter',
        samples: () =>
          read().map(({ labels, cells }) => ({
            labels: {},
            sharedLabels: labels,
            value: cells[countCell(count)] as number,
          })),
      }),
    ),
  ];
}

const TIMES: readonly { readonly time: ServiceTime; readonly name: string; readonly help: string }[] = [
  {
    time: 'request',
    name: 'meridian_request_duration_seconds',
    help: 'Time from the request of a client to the end of its answer, by service.',
  },
  {
    time: 'connect',
    name: 'meridian_upstream_connect_seconds',
    help: 'Time to establish a TCP connection to an endpoint, by service; connections that are used again are not in it.',
  },
  {
    time: 'tls',
    name: 'meridian_upstream_tls_seconds',
    help: 'Time of the TLS handshake with an endpoint, after TCP was established, by service.',
  },
  {
    time: 'first-byte',
    name: 'meridian_upstream_first_byte_seconds',
    help: 'Time from the end of a request to an endpoint to the first byte of its answer, by service.',
  },
];

/** Counts of one thing by its kind. */
const KINDS: readonly {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly counts: Readonly<Record<string, ServiceCount>>;
}[] = [
  {
    name: 'meridian_sticky_requests_total',
    help: 'Requests of services that keep clients with endpoints: kept, moved, new (no cookie that is believed) or hashed, by service.',
    label: 'outcome',
    counts: { kept: 'sticky-kept', moved: 'sticky-moved', new: 'sticky-new', hashed: 'sticky-hashed' },
  },
  {
    name: 'meridian_load_reports_total',
    help: 'Answers in which an endpoint reported its load: taken, or ignored since it cannot be, by service. Only with load: reported.',
    label: 'result',
    counts: { taken: 'load-taken', ignored: 'load-ignored' },
  },
  {
    name: 'meridian_sticky_cookies_ignored_total',
    help: 'Cookies that were not believed: forged (or foreign), expired, or of an endpoint that is gone, by service.',
    label: 'reason',
    counts: { forged: 'cookie-forged', expired: 'cookie-expired', gone: 'cookie-gone' },
  },
  {
    name: 'meridian_mirrored_requests_total',
    help: 'Copies of requests that were sent to a mirror and have ended: answered, or failed (no answer in time, or a status from 500 up), by the service that was asked.',
    label: 'result',
    counts: { answered: 'mirror-answered', failed: 'mirror-failed' },
  },
  {
    name: 'meridian_mirror_skipped_total',
    help: 'Requests that were drawn for a mirror and not sent there, by service and reason.',
    label: 'reason',
    counts: {
      body: 'mirror-no-body',
      busy: 'mirror-busy',
      lag: 'mirror-late',
      nobody: 'mirror-nobody',
      marked: 'mirror-marked',
    },
  },
];

const COUNTS: readonly { readonly count: ServiceCount; readonly name: string; readonly help: string }[] = [
  { count: 'retry', name: 'meridian_retries_total', help: 'Second and further attempts of requests, by service.' },
  {
    count: 'client-gone',
    name: 'meridian_client_aborts_total',
    help: 'Requests whose client left before its answer had ended, by service. They are neither success nor error.',
  },
  {
    count: 'hand-over',
    name: 'meridian_handovers_total',
    help: 'Client connections that the wire engine gave to the general one, by the service whose request it was for.',
  },
  {
    count: 'bytes-in',
    name: 'meridian_request_body_bytes_total',
    help: 'Bytes of bodies of requests that came from clients, by service.',
  },
  {
    count: 'bytes-out',
    name: 'meridian_response_body_bytes_total',
    help: 'Bytes of bodies of answers that were sent on to clients, by service.',
  },
  {
    count: 'fenced',
    name: 'meridian_fenced_requests_total',
    help: 'Requests of clients that only some endpoints may serve, as a fence of the service says.',
  },
  {
    count: 'fence-refusal',
    name: 'meridian_fence_refusals_total',
    help: 'Requests that were refused because none of the endpoints was left that a fence lets serve the client, by service.',
  },
  {
    count: 'shed',
    name: 'meridian_shed_requests_total',
    help: 'Requests that were turned away (503) since not all could be served, those of the lowest priority first, by service.',
  },
  {
    count: 'hedge',
    name: 'meridian_hedges_total',
    help: 'Second attempts that were made beside a first one which had not been slow yet, by service. They are among the retries.',
  },
  {
    count: 'deadline',
    name: 'meridian_deadlines_passed_total',
    help: 'Requests whose time (timeouts.request, or what their client gave them) had passed before they had their whole answer, by service.',
  },
  {
    count: 'limit-uncounted',
    name: 'meridian_limit_uncounted_total',
    help: 'Requests that a limit for clients let pass uncounted, since no place was free to count their client in, by service.',
  },
  {
    count: 'lower-tier',
    name: 'meridian_lower_tier_attempts_total',
    help: 'Attempts at endpoints of a lower tier than the first, which those above could not take, by service.',
  },
  {
    count: 'braked',
    name: 'meridian_braked_requests_total',
    help: 'Requests that found nobody because every endpoint had as much as it may have (shed_at, overflow_max, in_flight_max), by service.',
  },
  {
    count: 'health-disregarded',
    name: 'meridian_health_disregarded_total',
    help: 'Attempts that were chosen while so little was healthy that health was disregarded (panic_below), by service.',
  },
];

/** The limits of a service, by the names that its file has for them. */
const LIMITS = [
  { limit: 'requests', count: 'limited-requests' },
  { limit: 'concurrent', count: 'limited-concurrent' },
  { limit: 'body', count: 'limited-body' },
  { limit: 'target', count: 'limited-target' },
  { limit: 'head', count: 'limited-head' },
  { limit: 'fields', count: 'limited-fields' },
  { limit: 'body_pause', count: 'limited-body-pause' },
  { limit: 'per_client.requests', count: 'limited-client-requests' },
  { limit: 'per_client.concurrent', count: 'limited-client-concurrent' },
] as const;

function limitSamples({ name, cells }: ServiceReading): readonly Sample[] {
  return LIMITS.map(({ limit, count }) => ({
    labels: { service: name, limit },
    value: cells[countCell(count)] as number,
  }));
}

function statusSamples({ name, cells }: ServiceReading): readonly Sample[] {
  return STATUS_CLASSES.map((status_class, i) => ({
    labels: { service: name, status_class },
    value: cells[i] as number,
  }));
}

function timeSamples(name: string, time: ServiceTime, { labels, cells, exemplar }: ServiceReading): readonly Sample[] {
  const from = bucketsAt(time);
  const series = {
    labels,
    cells: cells.subarray(from, from + DURATION_CELLS),
    sum: (cells[sumCell(time)] as number) / 1000,
  };
  return histogramSamples(name, DURATION_BOUNDS_S, time === 'request' ? { ...series, exemplar } : series);
}
