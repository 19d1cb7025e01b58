import { expect, test } from 'vitest';
import type { GamedayFigures } from '../../../src/demo/gameday-report.ts';
import type { GamedayScript } from '../../../src/demo/gameday-script.ts';
import { gamedayTable } from '../../../src/demo/gameday-table.ts';

const SCRIPT: GamedayScript = {
  name: 'region-down',
  about: 'a region',
  goal: 0.9999,
  rate: 100,
  beforeMs: 1000,
  duringMs: 1000,
  afterMs: 1000,
  steps: [],
};
const FIGURES: GamedayFigures = {
  phases: [
    { name: 'before', requests: 1000, failed: 0, p50Ms: 80, p99Ms: 160.4 },
    { name: 'during', requests: 1000, failed: 1, p50Ms: 90, p99Ms: 1200 },
    { name: 'after', requests: 0, failed: 0, p50Ms: Number.NaN, p99Ms: Number.NaN },
  ],
  requests: 2000,
  failed: 1,
  availability: 0.9995,
  recoveredMs: 1500,
};
const EDGE = { failovers: 7, backMs: undefined, guard: ['shop burns'], failures: new Map([['status 503', 1]]) };

test('a missed goal is said, with what was wrong', () => {
  expect(gamedayTable(SCRIPT, FIGURES, EDGE)).toBe(`          requests  failed  availability       p50       p99
before        1000       0     100.000 %     80 ms    160 ms
during        1000       1      99.900 %     90 ms   1200 ms
after            0       0     100.000 %         -         -
all           2000       1      99.950 %

failovers         7
time to recover   1.5 s from the first fault, for clients
endpoints back    not within the run after the fault
stopped by guard  shop burns
failed            1 × status 503

region-down: THE GOAL WAS MISSED: 99.950 % of 99.99 %
`);
});

test('a goal is met that is reached exactly', () => {
  const figures = { ...FIGURES, availability: 0.9999 };
  expect(gamedayTable(SCRIPT, figures, { ...EDGE, backMs: 4210 })).toMatch(
    /endpoints back {4}4\.2 s after the fault\n[\s\S]*the goal was met/,
  );
});
