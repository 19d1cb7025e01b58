import type { Explained, Way } from '../compose/explain-request.ts';
import { shareText } from '../config/share.ts';
import { DETOUR_MAX_MS } from '../routing/detour.ts';
import { conditionLines } from './condition-text.ts';
import { policyLines, stickyLine } from './policy-lines.ts';

/** An explanation as people read it: one line a candidate, best first, the chosen one marked. */
export function explanationTable(
  { client, priority, decision, ways, fence, sticky, conditions = {}, passage, ...policies }: Explained,
  nowMs: number,
): string {
  const { weights, candidates, chosen, panic, band } = decision;
  const wayOf = new Map(ways.map((way) => [way.endpoint, way]));
  const head = ['', 'endpoint', 'rtt ms', 'latency', 'capacity', 'health', 'diversity', 'score', 'share', 'standing'];
  const rows = candidates.map((candidate) => [
    candidate.chosen ? '→' : candidate.tied ? '=' : '',
    candidate.endpoint,
    candidate.rttMs.toFixed(1),
    candidate.factors.latency.toFixed(3),
    candidate.factors.capacity.toFixed(3),
    candidate.factors.health.toFixed(3),
    candidate.factors.diversity.toFixed(3),
    candidate.score.toFixed(4),
    shareText(wayOf.get(candidate.endpoint)?.share ?? 0),
    candidate.standing,
  ]);
  const weightRow = ['', 'weight', '', ...WEIGHTS.map((name) => weights[name].toFixed(2)), '', '', ''];
  const place = client.country === '' ? 'the edge’s own place' : `${client.country} (${client.precision})`;
  const lines = [
    `client ${client.address}: ${place}; service ${decision.service}, priority ${priority}, select ${decision.select}`,
    ...(passage === undefined ? [] : passageLines(passage)),
    '',
    ...aligned([head, weightRow, ...rows]),
    '',
    chosen === undefined
      ? 'chosen: nobody may be sent to'
      : `chosen: ${chosen}${panic ? ' (in panic: nothing better is left)' : ''}`,
  ];
  if (decision.disregardsHealth) lines.push('panic_below: so little is healthy that health is disregarded');
  if (decision.boundMs !== undefined) lines.push(boundLine(priority, decision.boundMs));
  if (sticky !== undefined) lines.push(stickyLine(sticky));
  if (decision.select === 'optimal') lines.push(decision.assigned ? ASSIGNED : NOT_ASSIGNED);
  if (fence !== undefined) lines.push(fenceLine(fence, candidates));
  lines.push(...policyLines(policies));
  lines.push(...candidates.flatMap(notesOn));
  lines.push(...Object.entries(conditions).flatMap(([id, condition]) => conditionLines(id, condition, nowMs)));
  lines.push(...wayLines(decision.candidates, wayOf));
  if (candidates.some(({ tied, chosen: is }) => tied && !is)) {
    lines.push(
      decision.assigned
        ? '= assigned too: such requests are drawn by their shares'
        : `= within ${band} of the best: such requests are spread over all that tie`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function boundLine(priority: string, boundMs: number): string {
  return `${priority}: load and clouds may send it ${DETOUR_MAX_MS} ms farther than to the nearest that has room, so up to ${boundMs.toFixed(1)} ms far`;
}

/** By which rule it is this service's, and what becomes of it. */
function passageLines({ url, rule, redirect, refused, asked }: NonNullable<Explained['passage']>): readonly string[] {
  const first = `GET ${url}: by ${rule}`;
  if (redirect !== undefined) return [`${first}; the client is redirected to ${redirect}, and no endpoint is asked`];
  if (refused === true) return [`${first}; refused with 400, since its path leads out of what is put before it`];
  if (asked === undefined) return [first];
  const set = asked.set.length === 0 ? '' : `; ${asked.set.join('; ')}`;
  return [`${first}; the endpoint is asked for ${asked.target}, with Host: ${asked.host}${set}`];
}

function fenceLine({ status }: NonNullable<Explained['fence']>, candidates: readonly Candidate[]): string {
  const inside = candidates.filter(({ standing }) => standing !== 'fenced').length;
  const left = `${inside} of ${candidates.length} endpoints may serve it`;
  return `fence: ${left}; when none of them can, the client gets ${status}`;
}
const ASSIGNED = 'drawn by the shares that are assigned, and by what each has now; scores do not decide';
const NOT_ASSIGNED = 'nothing is assigned for such a request now: the highest score is chosen, as with select: best';

/** Both legs of the way to each candidate, and what they come to. */
function wayLines(candidates: readonly Candidate[], wayOf: ReadonlyMap<string, Way>): readonly string[] {
  const head = ['', 'way in ms', 'client to edge', 'edge to endpoint', 'slow', 'sum', ''];
  const rows = candidates.flatMap(({ endpoint }) => {
    const way = wayOf.get(endpoint);
    if (way === undefined) return [];
    const numbers = [way.toEdgeMs, way.fromEdgeMs, way.slowMs, way.sumMs].map((ms) => ms.toFixed(1));
    return [['', endpoint, ...numbers, way.measured ? 'measured' : 'estimated']];
  });
  return rows.length === 0 ? [] : ['', ...aligned([head, ...rows], 6)];
}

/** What operators and the rest of the fleet have to do with a candidate's figures. */
function notesOn(candidate: Candidate): readonly string[] {
  const {
    endpoint,
    weight,
    capacity,
    capacityInFile,
    inFlight,
    fleetInFlight,
    capacityFit,
    assignedShare,
    inFlightMax,
    reportedLoad,
  } = candidate;
  const notes: string[] = [];
  if (weight < 1)
    notes.push(`behind its equals for ${shareText(1 - weight)} of requests, by an operator's weight ${weight}`);
  const { weightInFile, tier, set } = candidate;
  if (weightInFile < 1)
    notes.push(`behind its equals for ${shareText(1 - weightInFile)} of requests, by the file's weight`);
  if (tier > 1) notes.push(`tier ${tier}: it takes what those above cannot`);
  if (set !== undefined) notes.push(`in the set ${set}`);
  if (capacity !== capacityInFile) notes.push(`capacity ${capacity} by an operator (${capacityInFile} in the file)`);
  if (capacityFit !== 1) notes.push(`its capacity counts ${times(capacityFit)}, by how long requests wait there`);
  if (inFlightMax !== undefined) notes.push(inFlightNote(inFlight, inFlightMax));
  if (reportedLoad !== undefined) notes.push(`it reports a load of ${shareText(reportedLoad)}`);
  if (assignedShare > 0) notes.push(`${shareText(assignedShare)} of such requests are assigned to it`);
  if (fleetInFlight > 0)
    notes.push(`in flight ${inFlight} here and ${Number(fleetInFlight.toFixed(1))} from other edges`);
  return notes.length === 0 ? [] : [`${endpoint}: ${notes.join('; ')}`];
}

function inFlightNote(inFlight: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return 'it gets any number of requests at a time: nothing has been learned yet';
  return `it gets at most ${max} requests at a time, as was learned from how long they take; it has ${inFlight}`;
}

function times(factor: number): string {
  return `${Number(factor.toFixed(2))} times`;
}

type Candidate = Explained['decision']['candidates'][number];

const WEIGHTS = ['latency', 'capacity', 'health', 'diversity'] as const;

function aligned(rows: readonly (readonly string[])[], words = 9): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isText(column, words) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Marks, names and the last column are text; what lies between are numbers. */
function isText(column: number, words: number): boolean {
  return column < 2 || column === words;
}
