import { readOrcaReport } from './orca-report.ts';

/**
 * What an answer says of the load of its endpoint, in its head or its trailers, in a field that is for whoever balances loads and for nobody else:
 *
 *   endpoint-load-metrics: TEXT cpu_utilization=0.3,application_utilization=0.8,named_metrics.queue=0.5
 *   endpoint-load-metrics: JSON {"cpu_utilization": 0.3, "named_metrics": {"queue": 0.5}}
 *   endpoint-load-metrics: BIN CZqZmZmZmbk/
 *   endpoint-load-metrics-bin: CZqZmZmZmbk/
 *   X-Endpoint-Load: 0.83
 *
 * All but the last are the forms of ORCA (Open Request Cost Aggregation, as xDS has it); without a word before it, TEXT is meant. What gRPC's libraries
 * report is the fourth, in trailers. Loads are parts of what the endpoint can do: 1 is all of it, and more than that is more than it should have.
 */
export type LoadReport = {
  /** Values of the fields as they stand; several when a field is repeated. */
  readonly metrics: readonly string[];
  readonly binary: readonly string[];
  readonly plain: readonly string[];
};

/** Names of the fields, in lower case. */
export const LOAD_METRICS_FIELD = 'endpoint-load-metrics';
export const LOAD_BINARY_FIELD = 'endpoint-load-metrics-bin';
export const LOAD_FIELD = 'x-endpoint-load';

/** What `readLoad` returns when nothing is said, and when what is said cannot be. */
export const NO_LOAD = -1;
export const ABSURD_LOAD = -2;

/** Nobody has ten times what he can do. */
export const REPORTED_LOAD_MAX = 10;
/** A report that is longer is none. */
export const REPORT_CHARS_MAX = 2048;

/** The metrics that `auto` looks for, in this order. */
const AUTO: readonly string[] = ['application_utilization', 'cpu_utilization'];

/** The load that is said, at least 0 and at most `REPORTED_LOAD_MAX`; `NO_LOAD` or `ABSURD_LOAD`. `metric` is `auto` or a name. */
export function readLoad({ metrics, binary, plain }: LoadReport, metric: string): number {
  if (metrics.length > 1 || binary.length > 1 || plain.length > 1) return ABSURD_LOAD;
  const wanted = metric === 'auto' ? AUTO : [metric];
  const [bytes] = binary;
  const inBytes = bytes === undefined ? NO_LOAD : ofBinary(bytes.trim(), wanted);
  if (inBytes !== NO_LOAD) return inBytes;
  const [text] = metrics;
  const said = text === undefined ? NO_LOAD : ofMetrics(text.trim(), wanted);
  if (said !== NO_LOAD || metric !== 'auto') return said;
  const [number] = plain;
  return number === undefined ? NO_LOAD : bounded(numberOf(number.trim()));
}

function ofMetrics(text: string, wanted: readonly string[]): number {
  if (text.length > REPORT_CHARS_MAX) return ABSURD_LOAD;
  const [, form = 'TEXT', rest = ''] = FORM.exec(text) ?? [];
  switch (form.toUpperCase()) {
    case 'JSON':
      return ofJson(rest, wanted);
    case 'BIN':
      return ofBinary(rest, wanted);
    case 'TEXT':
      return ofText(rest, wanted);
    default:
      return ABSURD_LOAD;
  }
}

/** Zeros are not written in this form: what it does not say is not known. */
function ofBinary(text: string, wanted: readonly string[]): number {
  if (text.length > REPORT_CHARS_MAX || !BASE64.test(text)) return ABSURD_LOAD;
  const report = readOrcaReport(Buffer.from(text, 'base64'));
  if (report === undefined) return ABSURD_LOAD;
  const found = wanted.map((name) => report.get(name)).find((value) => value !== undefined);
  return found === undefined ? NO_LOAD : bounded(found);
}

/** With its padding or without, as gRPC sends it. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The word before the report, where there is one. */
const FORM = /^(?:([A-Za-z]+)[ \t]+)?(.*)$/s;

function ofText(text: string, wanted: readonly string[]): number {
  const values = new Map<string, string>();
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at === -1) return ABSURD_LOAD;
    values.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  const found = wanted.map((name) => values.get(name)).find((value) => value !== undefined);
  return found === undefined ? NO_LOAD : bounded(numberOf(found));
}

function ofJson(text: string, wanted: readonly string[]): number {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return ABSURD_LOAD;
  }
  if (typeof report !== 'object' || report === null || Array.isArray(report)) return ABSURD_LOAD;
  const found = wanted
    .map((name) => within(report, name) ?? within(report, inCamelCase(name)))
    .find((value) => value !== undefined);
  return found === undefined ? NO_LOAD : bounded(typeof found === 'number' ? found : Number.NaN);
}

/** `named_metrics.queue` is an entry of an entry; names have dots in them themselves. */
function within(report: object, name: string): unknown {
  const map = NAMED.exec(name)?.[1];
  if (map === undefined) return own(report, name);
  const named = own(report, map);
  return typeof named === 'object' && named !== null ? own(named, name.slice(map.length + 1)) : undefined;
}

const NAMED = /^(named_metrics|namedMetrics|utilization|request_cost|requestCost)\./;

/** The name of a field as libraries of protocol buffers write JSON; keys of entries stay as they are. */
function inCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])(?=[^.]*(?:\.|$))/g, (match, letter: string, at: number) =>
    name.slice(0, at).includes('.') ? match : letter.toUpperCase(),
  );
}

function own(of: object, name: string): unknown {
  return Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;
}

/** What else JavaScript takes for numbers (`0x1`, nothing at all, Infinity) is none. */
function numberOf(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

const DECIMAL = /^(?:\d{1,9}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;

function bounded(load: number): number {
  return load >= 0 && load <= REPORTED_LOAD_MAX ? load : ABSURD_LOAD;
}
