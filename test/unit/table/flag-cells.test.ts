import { expect, test } from 'vitest';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { writeFlags } from '../../../src/table/flag-cells.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';

test('each flag that is placed has a byte, which says whether it is on now', () => {
  const limits = { rows: 1, services: 1, workers: 1 };
  const table = EndpointTable.create(0, limits, workerBlockBytes(limits));
  const on = new Set(['flags/b']);
  const written = (flags?: Readonly<Record<string, number>>) => {
    writeFlags(flags === undefined ? {} : { flags }, table, (flag) => on.has(flag));
    return [...table.live.flags.subarray(0, 3)];
  };
  expect(written()).toEqual([0, 0, 0]);
  expect(written({ 'flags/a': 0, 'flags/b': 1 })).toEqual([0, 1, 0]);
  on.delete('flags/b');
  on.add('flags/c');
  expect(written({ 'flags/a': 0, 'flags/b': 1, 'flags/c': 2 })).toEqual([0, 0, 1]);
});
