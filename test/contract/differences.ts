import type { Front } from './engines.ts';

const NODES_PARSER =
  'the general engine reads requests with Node’s parser, which has a list of methods, two minor versions and less white space';

const HALF = 'who ends its half of a connection of HTTP/2 has left, in the middle of a body as well';
const MALFORMED = 'a malformed request of HTTP/2 is reset, and not answered (RFC 9113 §8.1.1)';

/**
 * Where the engines may differ, and why: by the theme's or the scenario's name. For these, what they do is not compared, but each has to do
 * what its scenario says of it. Everything else is the same to the byte, as far as `normal.ts` looks.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'methods: a method that nobody has registered': NODES_PARSER,
  'methods: a method in small letters': NODES_PARSER,
  'taken by the wire engine': NODES_PARSER,
  'leniency of requests: bare LF behind a chunk size':
    'a body that is broken in its first piece has no endpoint bothered with it by the wire engine',
  'stickiness: by a header nothing is set, and each value has its endpoint':
    'which endpoint that is goes by its port, which is another one for each engine',
  'refused bodies':
    'a body that is broken in its first piece has no endpoint bothered with it; and the general engine says 431 of trailers without end',
};

/** Where what comes of a scenario in HTTP/2 is not what comes of it in HTTP/1.1, though each is as its scenario says. */
export const PROTOCOL_DIFFERENCES: Readonly<Record<string, string>> = {
  'methods: GET *': MALFORMED,
  'targets: ftp': MALFORMED,
  'targets: credentials': MALFORMED,
  'targets: no slash': MALFORMED,
  'targets: an authority': MALFORMED,
  'targets: a fragment': MALFORMED,
  'targets: bytes above ASCII': MALFORMED,
  'targets: a tab': MALFORMED,
  'targets: DEL': MALFORMED,
  'targets: a target with spaces': MALFORMED,
  'requests that end here: TRACE with Max-Forwards: 0 shows what came, and no secrets': 'what came was HTTP/2',
  'the client leaves: with an end in the middle of a body with a length: it gets a refusal, and the endpoint is not blamed':
    HALF,
  'the client leaves: with an end in the middle of chunks: it gets a refusal, and the endpoint is not blamed': HALF,
};

/**
 * Rows that are not played where HTTP/2 is spoken, by the theme's or the scenario's name: on which side, and why. What there is of the
 * same in HTTP/2 is in `test/conformance` and `test/e2e/h2-origins.test.ts`.
 */
type NotInHttp2 = { readonly side: 'client' | 'origin' | 'either'; readonly why: string };

const TEXT = 'it is about the text of HTTP/1.1; what HTTP/2 has in its place is in test/conformance/http2-rules.ts';
const KEPT = 'a connection of HTTP/2 is not closed by what becomes of one of its requests';
const NAMED = 'HTTP/2 has no fields of one hop but `te: trailers`: others make a message malformed';
const SWITCHES = 'HTTP/2 has no upgrades but the extended CONNECT, which is in test/e2e/http2-features.test.ts';
const ANSWERS =
  'it is about the text of an answer of HTTP/1.1; what HTTP/2 has in its place is in test/e2e/h2-origins.test.ts';

const client = (why: string): NotInHttp2 => ({ side: 'client', why });
const origin = (why: string): NotInHttp2 => ({ side: 'origin', why });
const either = (why: string): NotInHttp2 => ({ side: 'either', why });

const NOT_IN_HTTP2: Readonly<Record<string, NotInHttp2>> = {
  'refused hosts': client(TEXT),
  'refused framings': client(TEXT),
  'refused heads': client(TEXT),
  'refused first lines': client(TEXT),
  'refused bodies': client(TEXT),
  'leniency of requests': client(TEXT),
  'taken by the wire engine': client(TEXT),
  'HTTP/1.0 clients': client('there is no HTTP/1.0 in HTTP/2'),
  closing: client(KEPT),
  reasons: either('HTTP/2 has no reasons'),
  upgrades: either(SWITCHES),
  'answers to upgrades': either(SWITCHES),
  'upgrades by rules': either(SWITCHES),
  'the origin’s name: a client of HTTP/1.0 without a Host gets paths alone': client('there is no HTTP/1.0 in HTTP/2'),
  'redirects: with a body, which nobody reads, and nothing behind it': client(KEPT),
  'refusals by rules: a service that none takes has no rules': client(KEPT),
  'hop-by-hop: what is for this hop goes no further than this edge': client(NAMED),
  'hop-by-hop: Connection cannot name the length away': either(NAMED),
  'hop-by-hop: Connection cannot name away what this edge says': client(NAMED),
  'hop-by-hop: and so it is with answers': origin(NAMED),
  'hop-by-hop: no TE, no TE': client(NAMED),
  'hop-by-hop: repeated headers stay repeated, in order and spelling': either(
    'HTTP/2 has no capitals in names, and joins cookies',
  ),
  'answers: an origin that speaks 1.0 and closes to end': origin('there is no HTTP/1.0 in HTTP/2'),
  'answers: an origin that speaks 1.0 and gives a length': origin('there is no HTTP/1.0 in HTTP/2'),
  'answers: the origin closes after its answer': origin(KEPT),
  'failing over: GET from one that answers badly': origin(ANSWERS),
  'keep-alive races': origin(
    'a connection of HTTP/2 has many requests; what is lost with one is in test/e2e/h2-origins.test.ts',
  ),
  'methods: CONNECT': client(TEXT),
  'methods: the preface of HTTP/2': client(TEXT),
  'the health path: answers a GET with a body, and reads on behind it': client(KEPT),
  'backpressure: a head that does not come in time is given up': client(TEXT),
  'every interim answer: does not go to HTTP/1.0': either('there is no HTTP/1.0 in HTTP/2'),
  'deadlines: an upgraded stream has no deadline, its request has': either(SWITCHES),
  'answers that break off: to a client that reads to the end: reset, or it would take them for whole': client(
    'there is no HTTP/1.0 in HTTP/2',
  ),
  "answers that break off: a bad chunk size, and the connection's end": origin(ANSWERS),
  "answers that break off: a bad chunk size, and the connection's reset": origin(ANSWERS),
  "answers that break off: a chunk longer than its size, and the connection's end": origin(ANSWERS),
  "answers that break off: a chunk longer than its size, and the connection's reset": origin(ANSWERS),
  'every interim answer: goes before a 101 too': either(SWITCHES),
  'every interim answer: goes on with its fields, in order': origin(NAMED),
  'the client leaves: in the middle of its head: nobody hears of it': client(TEXT),
  'answers before the end of the request: garbage, and much more of it': client(TEXT),
  'pipelining: nothing behind a request that closes is answered': client(KEPT),
  'pipelining: garbage behind a good request does not take its answer away': client(TEXT),
  'pipelining: an error of the first does not cost the second': origin(ANSWERS),
  'taken all the same: an empty Host': client('a request of HTTP/2 has to name an authority (RFC 9113 §8.3.1)'),
  'bad answers': origin(ANSWERS),
  'queue poisoning': origin('an answer belongs to its stream'),
  'leniency of answers': origin(ANSWERS),
};

export function isPlayedOn({ client, origin }: Front, theme: string, name: string): boolean {
  const row = NOT_IN_HTTP2[`${theme}: ${name}`] ?? NOT_IN_HTTP2[theme];
  if (row === undefined) return true;
  return !(client === 'HTTP/2' && row.side !== 'origin') && !(origin === 'HTTP/2' && row.side !== 'client');
}

/** Rows of the tables that none of the scenarios has which a file has played; of themes that it has not, it says nothing. */
export function stale(): string[] {
  const keys = [DIFFERENCES, PROTOCOL_DIFFERENCES, NOT_IN_HTTP2].flatMap((table) => Object.keys(table));
  return keys.filter((key) => {
    const theme = [...played.keys()].find((one) => key.startsWith(`${one}: `));
    return theme !== undefined && !namesOf(theme).some((name) => key === `${theme}: ${name}`);
  });
}

const played = new Map<string, string[]>();

/** The names of a theme's scenarios, to hold the tables against. */
export function namesOf(theme: string): string[] {
  const names = played.get(theme) ?? [];
  played.set(theme, names);
  return names;
}
