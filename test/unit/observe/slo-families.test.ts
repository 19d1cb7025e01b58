import { expect, test } from 'vitest';
import { sloFamilies } from '../../../src/observe/slo-families.ts';
import { SloKeeper } from '../../../src/observe/slo-keeper.ts';
import { SLI } from '../../../src/table/worker-block.ts';
import { valuesOf } from './samples.ts';
import { topologyWith, worldOf } from './world.ts';

test('everything is there at 0 from the start, and a scrape has the latest counts', () => {
  const world = worldOf(topologyWith({ shop: ['aws/x'] }, 'slo: { objective: 99.9% }'));
  const keeper = new SloKeeper(world.blocks, () => 0);
  keeper.follow(world.topology, world.placement);
  const families = sloFamilies(keeper);
  const results = () => valuesOf(families, 'meridian_slo_requests_total');
  expect(results()).toEqual({ 'shop good': 0, 'shop bad': 0, 'shop aborted': 0, 'shop excluded': 0 });
  world.blocks[0]!.sli[SLI.indexOf('good')]! += 998;
  world.blocks[1]!.sli[SLI.indexOf('bad')]! += 2;
  expect(results()).toEqual({ 'shop good': 998, 'shop bad': 2, 'shop aborted': 0, 'shop excluded': 0 });
  expect(valuesOf(families, 'meridian_slo_objective')).toEqual({ shop: 0.999 });
  expect(valuesOf(families, 'meridian_slo_minimum_requests')).toEqual({ shop: 100 });
  expect(valuesOf(families, 'meridian_slo_minimum_errors')).toEqual({ shop: 5 });
  expect(valuesOf(families, 'meridian_slo_budget_left')['shop']).toBeCloseTo(-1, 9);
  const rates = valuesOf(families, 'meridian_slo_burn_rate');
  expect(Object.keys(rates)).toEqual(['5m', '30m', '1h', '2h', '6h', '24h', '3d'].map((name) => `shop ${name}`));
  expect(rates['shop 1h']).toBeCloseTo(2, 9);
});
