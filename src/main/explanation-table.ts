import type { Explained } from '../compose/explain-request.ts';

/** An explanation as people read it: one line a candidate, best first, the chosen one marked. */
export function explanationTable({ client, priority, decision }: Explained): string {
  const { weights, candidates, chosen, panic, band } = decision;
  const head = ['', 'endpoint', 'rtt ms', 'latency', 'capacity', 'health', 'diversity', 'score', 'standing'];
  const rows = candidates.map((candidate) => [
    candidate.chosen ? '→' : candidate.tied ? '=' : '',
    candidate.endpoint,
    candidate.rttMs.toFixed(1),
    candidate.factors.latency.toFixed(3),
    candidate.factors.capacity.toFixed(3),
    candidate.factors.health.toFixed(3),
    candidate.factors.diversity.toFixed(3),
    candidate.score.toFixed(4),
    candidate.standing,
  ]);
  const weightRow = ['', 'weight', '', ...WEIGHTS.map((name) => weights[name].toFixed(2)), '', ''];
  const place = client.country === '' ? 'the edge’s own place' : `${client.country} (${client.precision})`;
  const lines = [
    `client ${client.address}: ${place}; service ${decision.service}, priority ${priority}, select ${decision.select}`,
    '',
    ...aligned([head, weightRow, ...rows]),
    '',
    chosen === undefined
      ? 'chosen: nobody may be sent to'
      : `chosen: ${chosen}${panic ? ' (in panic: nothing better is left)' : ''}`,
  ];
  if (candidates.some(({ tied, chosen: is }) => tied && !is)) {
    lines.push(`= within ${band} of the best: such requests are spread over all that tie`);
  }
  return `${lines.join('\n')}\n`;
}

const WEIGHTS = ['latency', 'capacity', 'health', 'diversity'] as const;

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Marks, names and standings are text; what lies between are numbers. */
function isText(column: number): boolean {
  return column < 2 || column === 8;
}
