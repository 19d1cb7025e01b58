import { createHash } from 'node:crypto';
import type { EdgeReport, Seen } from './fleet.ts';

/*
 * What an edge sees of its endpoints, as it travels. Endpoint ids are long and hardly ever change, so they travel by the
 * hash of their list (`names`); what is left is two short words: `,,3,1` (in flight by place in the list, 0 left out) and
 * `u298,d1,n1` (runs of what is seen).
 */

/** An edge's report as the stores keep it. */
export type SentReport = {
  /** Rises with every report of an edge. */
  readonly number: number;
  readonly region: string;
  /** Hash of the list of endpoint ids. */
  readonly names: string;
  readonly inFlight: string;
  readonly seen: string;
  /** The edge ends: it is not missed. */
  readonly leaving: boolean;
  /** What it tells of clients (client-text.ts); empty: nothing. An edge of an earlier version neither says nor reads it. */
  readonly clients: string;
};

/** A report of more endpoints is cut: nothing is known of the rest. */
export const ENDPOINTS_MAX = 20_000;

/** The ids of a report in order, as one text. */
export function namesText(ids: readonly string[]): string {
  return JSON.stringify(ids);
}

/** Reads that text; undefined when it is no list of ids. */
export function readNames(text: string): readonly string[] | undefined {
  try {
    const ids: unknown = JSON.parse(text);
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids : undefined;
  } catch {
    return undefined;
  }
}

/** By which that text is known. */
export function namesHash(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

/** A report on these endpoints, in short; one that it says nothing of is `unknown` with nothing in flight. */
export function packReport(
  report: EdgeReport,
  ids: readonly string[],
): { readonly inFlight: string; readonly seen: string } {
  const rows = ids.map((id) => report.get(id));
  return {
    inFlight: packNumbers(rows.map((row) => row?.inFlight ?? 0)),
    seen: packRuns(rows.map((row) => LETTER[row?.seen ?? 'unknown'])),
  };
}

/** A report as the stores keep it. */
export function reportText({ number, region, names, inFlight, seen, leaving, clients }: SentReport): string {
  const more = clients === '' ? (leaving ? [1] : []) : [leaving ? 1 : 0, clients];
  return JSON.stringify([REPORT_VERSION, number, region, names, inFlight, seen, ...more]);
}

/** Undefined when it is no report that this edge can read. */
export function readReport(text: string): SentReport | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(raw) || raw[0] !== REPORT_VERSION) return undefined;
  const [, number, region, names, inFlight, seen, leaving, clients] = raw as readonly unknown[];
  if (typeof number !== 'number' || typeof region !== 'string' || typeof names !== 'string') return undefined;
  if (typeof inFlight !== 'string' || typeof seen !== 'string') return undefined;
  const told = typeof clients === 'string' ? clients : '';
  return { number, region, names, inFlight, seen, leaving: leaving === 1, clients: told };
}

/** Numbers from 0, to a tenth, with nothing for 0 and none at the end. */
export function packNumbers(numbers: readonly number[]): string {
  return numbers
    .map((number) => (number >= 0.05 ? String(Math.round(number * 10) / 10) : ''))
    .join(',')
    .replace(/,+$/, '');
}

/** The first `count` of packed numbers; 0 for what is left out or cannot be read. */
export function unpackNumbers(text: string, count: number): readonly number[] {
  const parts = text.split(',', count);
  return Array.from({ length: count }, (_, at) => Math.max(0, Number(parts[at] ?? 0)) || 0);
}

/** The first `count` of packed runs; `unknown` for what is left out or cannot be read. */
export function unpackSeen(text: string, count: number): readonly Seen[] {
  const seen: Seen[] = [];
  for (const run of text.split(',')) {
    const state = SEEN[run.charAt(0)] ?? 'unknown';
    const length = Math.min(Number(run.slice(1)) || 0, count - seen.length);
    for (let at = 0; at < length; at += 1) seen.push(state);
  }
  while (seen.length < count) seen.push('unknown');
  return seen;
}

function packRuns(letters: readonly string[]): string {
  const runs: { readonly letter: string; length: number }[] = [];
  for (const letter of letters) {
    const last = runs.at(-1);
    if (last?.letter === letter) last.length += 1;
    else runs.push({ letter, length: 1 });
  }
  return runs.map(({ letter, length }) => `${letter}${length}`).join(',');
}

const REPORT_VERSION = 1;
const LETTER: Readonly<Record<Seen, string>> = { up: 'u', down: 'd', unknown: 'n' };
const SEEN: Readonly<Record<string, Seen>> = { u: 'up', d: 'down', n: 'unknown' };
