import { parseArgs } from 'node:util';
import { parseDuration } from '../config/duration.ts';
import { didYouMean } from '../config/suggest.ts';
import { CLOUDS, type Cloud } from '../config/topology-cloud.ts';
import { parseTarget, type Target, VERBS, type Verb } from './target.ts';

export type RunCommand = {
  readonly type: 'run';
  /** How long it runs; undefined: until it is stopped. */
  readonly forMs: number | undefined;
  /** First of `PORTS_USED` ports in a row; 0: any that are free. */
  readonly port: number;
  /** Requests a second. */
  readonly rate: number;
};
export type OriginCommand = {
  readonly type: 'origin';
  readonly cloud: Cloud;
  readonly region: string;
  readonly host: string;
  readonly port: number;
  readonly delayMs: number;
};
/** What `meridian demo …` is asked to do; `wrong` is one line that says what to write instead. */
export type Command =
  | RunCommand
  | OriginCommand
  | { readonly type: 'tell'; readonly verb: Verb; readonly target: Target }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly message: string };

export const RATE_DEFAULT = 60;
export const RATE_MAX = 1000;
/** The edge, its admin port, and six origins. */
export const PORTS_USED = 8;
const FOR_MAX_MS = 24 * 3_600_000;
const DELAY_MAX_MS = 60_000;

/** Reads the arguments after `demo`. Never throws. */
export function parseCommand(args: readonly string[]): Command {
  try {
    const [word = ''] = args;
    if (word === '' || word.startsWith('-')) return parseRun(args);
    if (word === 'origin') return parseOrigin(args.slice(1));
    const verb = VERBS.find((known) => known === word);
    if (verb !== undefined) return parseTell(verb, args.slice(1));
    return wrong(
      `demo has no command "${word}"${didYouMean(word, [...VERBS, 'origin'])}; there are ${VERBS.join(', ')} and origin`,
    );
  } catch (error) {
    return wrong((error as Error).message.replaceAll('\n', ' '));
  }
}

function parseRun(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      for: { type: 'string' },
      port: { type: 'string', default: '0' },
      rate: { type: 'string', default: String(RATE_DEFAULT) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return { type: 'help' };
  const forMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (values.for !== undefined && (forMs === undefined || forMs < 1000 || forMs > FOR_MAX_MS)) {
    return wrong(`--for takes a time from 1s to 24h, such as 20s; it is "${values.for}"`);
  }
  const portMax = 65_536 - PORTS_USED;
  const port = integer(values.port, 0, portMax);
  if (port === undefined) {
    return wrong(`--port takes the first of ${PORTS_USED} free ports, 1 to ${portMax}, or 0; it is "${values.port}"`);
  }
  const rate = integer(values.rate, 1, RATE_MAX);
  if (rate === undefined) return wrong(`--rate takes requests a second, 1 to ${RATE_MAX}; it is "${values.rate}"`);
  return { type: 'run', forMs, port, rate };
}

function parseOrigin(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cloud: { type: 'string' },
      region: { type: 'string' },
      listen: { type: 'string' },
      delay: { type: 'string', default: '0ms' },
    },
  });
  const cloud = CLOUDS.find((known) => known === values.cloud);
  if (cloud === undefined) return wrong(`origin needs --cloud ${CLOUDS.join(', ')}`);
  const { region = '' } = values;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(region)) return wrong('origin needs --region, such as us-east-1');
  const listen = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(values.listen ?? '');
  const port = integer(listen?.[3] ?? '', 0, 65_535);
  if (listen === null || port === undefined) return wrong('origin needs --listen host:port, such as 0.0.0.0:8080');
  const host = listen[1] ?? (listen[2] === '' ? '0.0.0.0' : (listen[2] ?? ''));
  const delayMs = parseDuration(values.delay);
  if (delayMs === undefined || delayMs > DELAY_MAX_MS) {
    return wrong(`--delay takes a time from 0ms to 60s, such as 80ms; it is "${values.delay}"`);
  }
  return { type: 'origin', cloud, region, host, port, delayMs };
}

function parseTell(verb: Verb, args: readonly string[]): Command {
  const [word, ...more] = args;
  if (word === undefined || more.length > 0)
    return wrong(`${verb} takes one region or cloud, such as gcp/europe-west1 or gcp`);
  const target = parseTarget(word);
  return 'error' in target ? wrong(target.error) : { type: 'tell', verb, target };
}

function wrong(message: string): Command {
  return { type: 'wrong', message };
}

function integer(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
