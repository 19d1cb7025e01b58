import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RATE_MIN, streamsOf } from '../../../src/health/streams.ts';
import { select } from '../../../src/routing/select.ts';
import { CLIENT_REGIONS, ORIGIN_CELLS, originCell } from '../../../src/table/assigned-cells.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

const PLACES = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'] as const;

function stageWith(each: readonly string[], service = '') {
  const lines = each.map(
    (more, i) => `      - { cloud: ${PLACES[i % 3]}, url: "http://10.0.0.${i + 1}", capacity: 100${more} }`,
  );
  return stageOf(
    topologyOf(
      `version: 1\nedge: { region: aws/us-east-1 }\nservices:\n  shop:\n${service}    endpoints:\n${lines.join('\n')}\n`,
    ),
  );
}

const ALL = Uint8Array.of(1, 1, 1, 1);
const ratesOf = (cells: Readonly<Record<number, number>>) =>
  Float64Array.from({ length: ORIGIN_CELLS }, (_, cell) => cells[cell] ?? 0);

test('one for each origin with requests, over the first tier that fences leave anybody of', () => {
  const { view } = stageWith(['', ', tier: 2', ', tier: 2', ', tier: 3']);
  const rates = ratesOf({
    0: 10,
    5: RATE_MIN / 2,
    [originCell(7, 1)]: 3,
    [originCell(7, 2)]: 1,
    [originCell(7, 3)]: 9,
  });
  // There is no fourth choice: what was counted for one is of a file that is no more.
  const classes = [ALL, Uint8Array.of(0, 1, 0, 1), Uint8Array.of(0, 0, 0, 0)];
  expect(streamsOf(view, ALL, { rates, classes })).toEqual([
    { cell: 0, set: -1, rate: 10, may: Uint8Array.of(1, 0, 0, 0) },
    { cell: originCell(7, 1), set: -1, rate: 3, may: Uint8Array.of(0, 1, 0, 0) },
  ]);
  const [one] = streamsOf(view, Uint8Array.of(0, 1, 1, 1), { rates, classes });
  expect(one?.may).toEqual(Uint8Array.of(0, 1, 1, 0));
});

test('a set without anybody leaves its requests to the others', () => {
  const split = '    split: { stable: 70, canary: 20, dark: 10 }\n';
  const { view } = stageWith([', set: stable', ', set: stable', ', set: canary', ', set: dark'], split);
  const demand = { rates: ratesOf({ [CLIENT_REGIONS - 1]: 100 }), classes: [ALL] };
  const rates = (usable: readonly number[]) =>
    streamsOf(view, Uint8Array.from(usable), demand).map(({ set, rate, may }) => [set, rate, may.join('')]);
  const near = (value: number): unknown => expect.closeTo(value, 9);
  expect(rates([1, 1, 1, 1])).toEqual([
    [0, near(70), '1100'],
    [1, near(20), '0010'],
    [2, near(10), '0001'],
  ]);
  expect(rates([0, 1, 0, 1])).toEqual([
    [0, near(80), '0100'],
    [2, near(20), '0001'],
  ]);
  expect(rates([0, 0, 0, 0])).toEqual([]);
});

test('whom a request is assigned to, it might choose', () => {
  const bit = fc.constantFrom(0, 1, 1);
  const four = fc.tuple(bit, bit, bit, bit);
  const tier = fc.constantFrom(1, 1, 2);
  fc.assert(
    fc.property(four, four, fc.tuple(tier, tier), fc.boolean(), (up, allowed, [a, b], sets) => {
      // Tiers in a file have no gaps, and its first one is used.
      const each = [', tier: 1', `, tier: ${a}`, `, tier: ${b}`, ', tier: 1'];
      const { view, live, table } = stageWith(
        each.map((more, i) => (sets ? `${more}, set: ${i % 2 === 0 ? 'stable' : 'canary'}` : more)),
        sets ? '    split: { stable: 50, canary: 50 }\n' : '',
      );
      for (const [i, row] of view.rows.entries()) table.live.drained[row] = up[i] === 1 ? 0 : 1;
      const classes = [Uint8Array.from(allowed)];
      const streams = streamsOf(view, Uint8Array.from(up), { rates: ratesOf({ 0: 1 }), classes });
      for (const { set, may } of streams) {
        // Each of them wins when it is the nearest.
        for (const [i, is] of may.entries()) {
          const ms = Array.from(may, (_, at) => (at === i ? 1 : 190));
          const chosen = select(view, live, askOf(view, ms, { allowed: classes[0], set }));
          expect(chosen === i).toBe(is === 1);
        }
      }
    }),
  );
});
