import { expect, test } from 'vitest';
import type { SharedRecord } from '../../../src/fleet/fleet.ts';
import { RECORDS_MAX, VALUE_BYTES_MAX } from '../../../src/fleet/limits.ts';
import { Records } from '../../../src/fleet/records.ts';
import { seenOf } from '../../../src/fleet/vector-clock.ts';
import type { Event } from '../../../src/table/event.ts';

function recordsOf(edge: string, wallMs = 1000) {
  const events: Event[] = [];
  const clock = { wallMs };
  const emit = (event: Event) => events.push(event);
  const records = new Records({ edge, merges: {}, random: () => 0.5, wallMs: () => clock.wallMs, emit });
  const told: SharedRecord[] = [];
  records.onChange((record) => told.push(record));
  return { records, events, told, clock };
}

test('a write is there at once, and reported once', () => {
  const { records, told } = recordsOf('a');
  const register = records.put('k', { x: 1 });
  expect(records.list('')).toEqual([{ key: 'k', value: { x: 1 }, clock: register.clock, writtenAtMs: 1000, by: 'a' }]);
  records.take(register);
  expect(told).toHaveLength(1);
});

test('lists are by prefix, and sorted', () => {
  const { records } = recordsOf('a');
  for (const key of ['b/2', 'a/1', 'b/1']) records.put(key, {});
  expect(records.list('b/').map(({ key }) => key)).toEqual(['b/1', 'b/2']);
});

test('what a caller changes afterwards is not changed here', () => {
  const { records } = recordsOf('a');
  const value = { list: [1] };
  records.put('k', value);
  value.list.push(2);
  expect(records.view('k')?.value).toEqual({ list: [1] });
});

test('writes that had not seen each other are a conflict, reported and counted', () => {
  const [a, b] = [recordsOf('a'), recordsOf('b', 2000)];
  const [one, other] = [a.records.put('k', { x: 1 }), b.records.put('k', { x: 2 })];
  a.records.take(other);
  b.records.take(one);
  expect(a.records.view('k')).toEqual(b.records.view('k'));
  expect(a.records.view('k')?.value).toEqual({ x: 2 });
  expect([a.records.conflicts, b.records.conflicts]).toEqual([1, 1]);
  expect(a.events).toEqual([{ type: 'fleet-conflict', key: 'k', edges: ['a', 'b'] }]);
  a.records.take(other);
  expect(a.told).toHaveLength(2);
});

test('a listener that throws is reported and keeps nobody else from hearing', () => {
  const { records, events } = recordsOf('a');
  const heard: string[] = [];
  records.onChange(() => {
    throw new Error('no');
  });
  records.onChange(({ key }) => heard.push(key));
  records.put('k', {});
  expect(heard).toEqual(['k']);
  expect(events).toEqual([{ type: 'loop-failed', loop: 'fleet', error: 'Error: no' }]);
});

test('an edge that restarts goes on above its numbers, without having read any', () => {
  const before = recordsOf('a', 1000).records.put('k', { x: 1 });
  const after = recordsOf('a', 1001).records.put('k', { x: 2 });
  expect(seenOf(after.clock, 'a')).toBeGreaterThan(seenOf(before.clock, 'a'));
});

test('an edge whose clock went back writes again what its earlier life would have hidden, once', () => {
  const earlier = recordsOf('a', 9000).records.put('k', { life: 1 });
  const { records } = recordsOf('a', 1000);
  records.put('k', { life: 2 });
  records.take(earlier);
  expect(records.view('k')?.value).toEqual({ life: 2 });
  expect(seenOf(records.get('k')!.clock, 'a')).toBeGreaterThan(seenOf(earlier.clock, 'a'));
  // A second edge by its name may not make the two of them write for ever.
  records.take(recordsOf('a', 20_000).records.put('k', { life: 3 }));
  expect(records.view('k')?.value).toEqual({ life: 3 });
});

test('a write has a number above all that it has seen, whatever the clocks of others say', () => {
  const far = recordsOf('b', 1e9).records.put('k', { x: 1 });
  const { records } = recordsOf('a', 1000);
  records.take(far);
  records.put('k', { x: 2 });
  expect(seenOf(records.get('k')!.clock, 'a')).toBeGreaterThan(seenOf(far.clock, 'b'));
  expect(records.view('k')?.value).toEqual({ x: 2 });
});

test('what is too large or too much is refused with the reason', () => {
  const { records } = recordsOf('a');
  expect(() => records.put('', {})).toThrow('a record needs a key');
  expect(() => records.put('ü'.repeat(200), {})).toThrow('the key has 400 bytes, at most 256 are kept: shorten it');
  expect(() => records.put('k', { x: 'x'.repeat(VALUE_BYTES_MAX) })).toThrow(
    /the value of k has 16392 bytes, at most 16384/,
  );
  expect(() => records.put('k', [] as never)).toThrow('the value of k must be a JSON object');
  for (let at = 0; at < RECORDS_MAX; at += 1) records.put(`k${at}`, {});
  expect(() => records.put('one more', {})).toThrow(
    'the fleet keeps 10000 records at most: write one that is there instead',
  );
  records.put('k1', { again: true });
});

test('one kind that is full takes no room from another, whoever wrote it', () => {
  const { records } = recordsOf('a');
  const other = recordsOf('b').records;
  for (let at = 0; at < RECORDS_MAX; at += 1) records.take(other.put(`chaos/${at}`, {}));
  expect(() => records.put('chaos/one-more', {})).toThrow('the fleet keeps 10000 records chaos/ at most');
  expect(records.put('override/drain/gcp/new-region', {}).writes).toHaveLength(1);
});
