import { expect, test } from 'vitest';
import { columnsBytes, layColumns } from '../../../src/table/columns.ts';
import { EXEMPLAR_ID_BYTES, exemplarSpec, readExemplar, writeExemplar } from '../../../src/table/exemplars.ts';

function columnsOf(services = 2) {
  const spec = exemplarSpec(services);
  return layColumns(spec, new SharedArrayBuffer(columnsBytes(spec)));
}

test('what was written last is read back, in its own place', () => {
  const columns = columnsOf();
  expect(readExemplar(columns, 3)).toBeUndefined();
  writeExemplar(columns, 3, { requestId: 'a-long-one', ms: 1, atMs: 5 });
  writeExemplar(columns, 3, { requestId: 'short', ms: 2.5, atMs: 7 });
  expect(readExemplar(columns, 3)).toEqual({ requestId: 'short', ms: 2.5, atMs: 7 });
  expect(readExemplar(columns, 4)).toBeUndefined();
});

test('one that is being written is not read', () => {
  const columns = columnsOf();
  writeExemplar(columns, 0, { requestId: 'a', ms: 1, atMs: 5 });
  columns.exemplarTurn[0]! += 1;
  expect(readExemplar(columns, 0)).toBeUndefined();
});

test('an id that is too long for an exemplar is none, and is not tried again at once', () => {
  const columns = columnsOf();
  writeExemplar(columns, 0, { requestId: 'x'.repeat(EXEMPLAR_ID_BYTES), ms: 1, atMs: 5 });
  writeExemplar(columns, 0, { requestId: 'y'.repeat(EXEMPLAR_ID_BYTES + 1), ms: 2, atMs: 9 });
  expect(readExemplar(columns, 0)?.requestId).toBe('x'.repeat(EXEMPLAR_ID_BYTES));
  expect(columns.exemplarAtMs[0]).toBe(9);
});
