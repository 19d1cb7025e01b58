import { createRequire } from 'node:module';

/**
 * What Node's own parser, llhttp in its strict mode, reads from bytes: the judge of what a message means, which neither engine had
 * a hand in. It is what node:http is made of, taken from underneath it, so that a case costs microseconds.
 */
export type Read = {
  /** Of a request. */
  readonly method: string;
  readonly target: string;
  /** Of an answer. */
  readonly status: number;
  readonly reason: string;
  /** `1.1`. */
  readonly version: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
  readonly complete: boolean;
};

export type Reading = {
  readonly messages: readonly Read[];
  /** Why it read no further; undefined when it had nothing against the bytes. */
  readonly error: string | undefined;
};

type Parser = {
  initialize(type: number, resource: object, headBytesMax: number, lenient: number): void;
  execute(bytes: Buffer): number | Error;
  finish(): undefined | Error;
  close(): void;
} & Record<number, (...args: never[]) => number | undefined>;
type HeadArgs = [
  major: number,
  minor: number,
  headers: string[] | undefined,
  method: number,
  url: string,
  status: number | undefined,
  reason: string | undefined,
  upgrade: boolean,
];

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  readonly HTTPParser: (new () => Parser) & Readonly<Record<string, number>>;
  readonly methods: readonly string[];
};
/** The methods that it knows. */
export const KNOWN_METHODS: readonly string[] = [...methods, 'QUERY'];
const [REQUEST, RESPONSE] = [HTTPParser['REQUEST'] as number, HTTPParser['RESPONSE'] as number];
const { kOnHeaders, kOnHeadersComplete, kOnBody, kOnMessageComplete } = HTTPParser as Record<string, number>;
const STRICT = 0;
const SKIP_BODY = 1;

type Growing = { -readonly [K in keyof Read]: Read[K] extends readonly string[] ? string[] : Read[K] };

/** Requests as node:http would read them from one connection, which then ends. */
export function readRequests(text: string): Reading {
  return read(REQUEST, 32 * 1024, { text, ends: true, skips: () => false });
}

/** The answers to a request with this method, interim ones too. `ends`: whether the connection ends after them. */
export function readAnswers(text: string, method: string, ends: boolean): Reading {
  return read(RESPONSE, 64 * 1024, { text, ends, skips: (status) => method === 'HEAD' && status >= 200 });
}

type Source = { readonly text: string; readonly ends: boolean; readonly skips: (status: number) => boolean };

function read(type: number, headBytesMax: number, { text, ends, skips }: Source): Reading {
  const messages: Growing[] = [];
  let early: string[] = [];
  let earlyTarget = '';
  let upgraded = false;
  const parser = new HTTPParser();
  parser.initialize(type, {}, headBytesMax, STRICT);
  const on = (event: number | undefined, listener: (...args: never[]) => number | undefined): void => {
    parser[event as number] = listener;
  };
  // Headers past the 32nd come before the rest, and then the target comes with them; trailers come this way too.
  on(kOnHeaders, (headers: string[], target: string) => {
    const current = messages.at(-1);
    earlyTarget = target;
    if (current === undefined || current.complete) early.push(...headers);
    else current.trailers.push(...headers);
    return 0;
  });
  on(
    kOnHeadersComplete,
    (...[major, minor, headers = [], method, target, status = 0, reason = '', upgrade]: HeadArgs) => {
      const all = [...early, ...headers];
      early = [];
      messages.push({
        // The list leaves out the one that was added last.
        method: methods[method] ?? 'QUERY',
        target: target ?? earlyTarget,
        status,
        reason,
        version: `${major}.${minor}`,
        headers: all,
        body: '',
        trailers: [],
        complete: false,
      });
      upgraded ||= upgrade;
      return skips(status) ? SKIP_BODY : 0;
    },
  );
  on(kOnBody, (bytes: Buffer) => {
    (messages.at(-1) as Growing).body += bytes.toString('latin1');
    return 0;
  });
  on(kOnMessageComplete, () => {
    (messages.at(-1) as Growing).complete = true;
    return 0;
  });
  let failure = parser.execute(Buffer.from(text, 'latin1'));
  if (!(failure instanceof Error) && ends && !upgraded) failure = parser.finish() ?? 0;
  parser.close();
  return { messages, error: failure instanceof Error ? (failure as NodeJS.ErrnoException).code : undefined };
}
