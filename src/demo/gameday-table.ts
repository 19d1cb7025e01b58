import { shareText } from '../config/share.ts';
import { availabilityText, msText } from './figures.ts';
import type { GamedayFigures } from './gameday-report.ts';
import type { GamedayScript } from './gameday-script.ts';
import { availability } from './tally.ts';

/** What the edge says of a game day, beside what its clients saw. */
export type EdgeSide = {
  readonly failovers: number;
  /** From the end of the fault until every endpoint was healthy again; undefined when that was not within the run. */
  readonly backMs: number | undefined;
  /** Experiments that the guard stopped, with its reasons. */
  readonly guard: readonly string[];
  /** What was wrong with answers, by how often. */
  readonly failures: ReadonlyMap<string, number>;
};

/** The outcome of a game day for people, ending in a line that says whether the goal was met. */
export function gamedayTable(script: GamedayScript, figures: GamedayFigures, edge: EdgeSide): string {
  const rows = [
    ['', 'requests', 'failed', 'availability', 'p50', 'p99'],
    ...figures.phases.map(({ name, requests, failed, p50Ms, p99Ms }) => {
      const share = availabilityText(availability({ succeeded: requests - failed, failed }));
      return [name, String(requests), String(failed), share, msText(p50Ms), msText(p99Ms)];
    }),
    ['all', String(figures.requests), String(figures.failed), availabilityText(figures.availability), '', ''],
  ];
  const met = figures.availability >= script.goal;
  const goal = shareText(script.goal, 6);
  return [
    ...rows.map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(8) : cell.padStart(WIDTHS[i] ?? 0))).join('')),
    '',
    `failovers         ${edge.failovers}`,
    `time to recover   ${secondsText(figures.recoveredMs)} from the first fault, for clients`,
    `endpoints back    ${secondsText(edge.backMs)} after the fault`,
    ...edge.guard.map((reason) => `stopped by guard  ${reason}`),
    ...Array.from(edge.failures, ([reason, count]) => `failed            ${count} × ${reason}`),
    '',
    `${script.name}: ${met ? 'the goal was met' : 'THE GOAL WAS MISSED'}: ${availabilityText(figures.availability)} of ${goal}`,
    '',
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The same for programs. What there is nothing to say of is null. */
export function gamedayAnswer(script: GamedayScript, figures: GamedayFigures, edge: EdgeSide) {
  const { requests, failed, availability: share, recoveredMs } = figures;
  return {
    gameday: script.name,
    about: script.about,
    goal: script.goal,
    met: share >= script.goal,
    availability: orNull(share),
    requests,
    failed,
    phases: figures.phases.map(({ name, p50Ms, p99Ms, ...counts }) => {
      return { phase: name, ...counts, p50Ms: orNull(p50Ms), p99Ms: orNull(p99Ms) };
    }),
    failovers: edge.failovers,
    recoveredMs: recoveredMs ?? null,
    endpointsBackMs: edge.backMs ?? null,
    stoppedByGuard: edge.guard,
    failures: Object.fromEntries(edge.failures),
  };
}

function orNull(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}

const WIDTHS = [8, 10, 8, 14, 10, 10];

function secondsText(ms: number | undefined): string {
  return ms === undefined ? 'not within the run' : `${(ms / 1000).toFixed(1)} s`;
}
