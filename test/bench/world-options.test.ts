import { expect, test } from 'vitest';
import { readOptions } from '../../bench/world/options.ts';
import { PLANS } from '../../bench/world/scenarios.ts';

test('left alone it runs all that there is', () => {
  const { choice, ages, as } = readOptions([]);
  expect(choice.scenarios).toEqual(PLANS.map(({ name }) => name));
  expect([choice.fleets, choice.rates, choice.seeds]).toEqual([[false, true], [2000, 20_000], [1]]);
  expect([ages, as]).toEqual([[], 'table']);
});

test('scenarios are named as they can be typed', () => {
  const names = (text: string) => readOptions(['--scenario', text]).choice.scenarios;
  expect(names('peak, 95%,capacity x 1/2')).toEqual(['peak', '95 %', 'capacity × ½']);
  expect(names(PLANS.map(({ name }) => name).join())).toEqual(PLANS.map(({ name }) => name));
});

test('what is chosen is chosen', () => {
  const args =
    '--fleet on --rate 500 --seed 1,2 --endpoints 18 --only peers --report 5 --age --json --priority latency';
  const { choice, ages, as } = readOptions([...args.split(' '), '--yaml', 'routing:\\n  band: 0.02']);
  expect(choice).toMatchObject({ fleets: [true], rates: [500], seeds: [1, 2], endpoints: 18, only: 'peers' });
  expect(choice.setting).toEqual({ reportS: 5, priority: 'latency', yaml: 'routing:\n  band: 0.02', threads: 2 });
  expect([ages, as]).toEqual([[5], 'json']);
});

test.each([
  [['--scenario', 'night'], 'no scenario night; there are: day, peak'],
  [['--fleet', 'yes'], '--fleet yes: one of on, off is meant'],
  [['--rate', 'fast'], '--rate fast: a number above 0 is meant'],
])('%j is not understood', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
