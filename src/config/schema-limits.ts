import { duration } from './duration.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { integer, oneOf } from './scalars.ts';
import { HEADER } from './schema-policies.ts';
import { size } from './size.ts';
import { CLIENT_LIMITS_MAX } from './topology-limits.ts';
import { block, key, needed, oneOrListOf, optional, under } from './zod-schema.ts';

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const PATTERN = /^(\d{1,9})\/(s|m|h)$/;
const RATE_EXPECTED = 'a rate such as 100/s, 600/m or 1000/h (from 1/h to 1000000/s)';

/** Requests a second of `100/s`, `600/m`, `1000/h`. */
export const rate: Kind<number> = {
  expected: RATE_EXPECTED,
  json: { type: 'string', pattern: PATTERN.source },
  read(value) {
    if (typeof value === 'number') return wrong(`${mustBe(RATE_EXPECTED, value)}; say in which time, as in ${value}/s`);
    const match = typeof value === 'string' ? PATTERN.exec(value) : null;
    if (match === null) return wrong(mustBe(RATE_EXPECTED, value));
    const requests = Number(match[1]);
    if (requests === 0) return wrong('must be at least 1; for no limit leave it out');
    const perSecond = requests / (UNIT_S[match[2] ?? ''] ?? 1);
    return perSecond <= 1_000_000 ? right(perSecond) : wrong(`must be at most 1000000/s; it is ${String(value)}`);
  },
};

const BURST_DOC = 'Requests that may come at once; as many as one second brings, at least 1, when left out.';

const IPV6_PREFIX = key(
  integer(16, 128),
  64,
  'Bits of an IPv6 address that are one client: whoever has an address has a network.',
);

/** `services.NAME.limits.per_client`. */
export const CLIENT_LIMIT = block('What one client may do.', {
  requests: optional(rate, 'Requests of one client in a second, minute or hour; those beyond get 429.'),
  burst: optional(integer(1, 1_000_000), BURST_DOC),
  concurrent: optional(integer(1, 1_000_000), 'Requests of one client under way at once; those beyond get 429.'),
  header: optional(
    HEADER,
    'Request header that names the client, such as x-api-key; where it is left out or not sent, the address does.',
  ),
  certificate: optional(
    oneOf(['fingerprint', 'subject']),
    'What of the certificate that a client has shown names it; of who has shown none, the header or the address does.',
  ),
  ipv6_prefix: IPV6_PREFIX,
});

/** `edge.per_client`. */
export const CONNECTION_LIMIT = block('What one client may do before it has asked for anything.', {
  connections: needed(
    rate,
    'New connections of one address; those beyond are closed at once. Trusted proxies have no limit.',
  ),
  burst: optional(
    integer(1, 1_000_000),
    'Connections that may come at once; as many as one second brings, at least 1, when left out.',
  ),
  ipv6_prefix: IPV6_PREFIX,
});

/** `services.NAME.limits`. */
export const LIMITS = block('What a service takes of its clients, over all edge threads.', {
  requests: optional(rate, 'Requests of all clients in a second, minute or hour; those beyond get 429.'),
  burst: optional(integer(1, 1_000_000), BURST_DOC),
  over: key(
    oneOf(['fleet', 'edge']),
    'fleet',
    'Whether requests, of all clients and of each, is what all edges of a fleet take together, or what each of them takes. All other limits are of each edge.',
  ),
  concurrent: optional(integer(1, 1_000_000), 'Requests of all clients under way at once; those beyond get 429.'),
  body: optional(size('64GiB'), 'Bytes of the body of a request; more is 413.'),
  body_pause: optional(
    duration({ min: '100ms', max: '1h' }),
    'How long a client may send nothing in the middle of a body; longer is 408.',
  ),
  target: optional(size('64KiB'), 'Bytes of path and query; more is 414.'),
  head: optional(size('32KiB'), 'Bytes of the request line and all fields of a request; more is 431.'),
  fields: optional(integer(1, 10_000), 'Fields in the head of a request; more is 431.'),
  per_client: under(
    oneOrListOf(
      CLIENT_LIMIT.schema,
      'a limit with requests or concurrent, or a list of them',
      `What one client may do; one or a list of at most ${CLIENT_LIMITS_MAX}, all of which hold.`,
    ),
  ),
});
