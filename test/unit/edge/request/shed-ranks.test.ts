import { expect, test } from 'vitest';
import { ShedRanks } from '../../../../src/edge/request/shed-ranks.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

test('a priority that has no place goes with the last', () => {
  const { view, table } = stageOf(threeClouds());
  const ranks = new ShedRanks({ order: ['batch', 'balanced'], from: 1, lagMaxMs: 100 });
  const shed = (name: string): boolean =>
    ranks.sheds({ view, priority: { name }, startMs: 0, fence: undefined }, table.live, Number.NaN);
  const all = ['batch', 'balanced', 'latency'];
  expect(all.filter(shed)).toEqual([]);
  for (const [i, row] of view.rows.entries()) table.live.inFlight[row] = 1.1 * (view.capacities[i] as number);
  expect(all.filter(shed)).toEqual(['batch']);
  for (const [i, row] of view.rows.entries()) table.live.inFlight[row] = 3 * (view.capacities[i] as number);
  expect(all.filter(shed)).toEqual(all);
});
