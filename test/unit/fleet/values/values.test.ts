import { expect, test } from 'vitest';
import { DEFAULT_VALUES, type ValueSettings } from '../../../../src/config/topology-values.ts';
import { alone } from '../../../../src/fleet/alone.ts';
import { WAITERS_MAX } from '../../../../src/fleet/values/value-index.ts';
import type { ValueOrder } from '../../../../src/fleet/values/value-outcome.ts';
import { FleetValues } from '../../../../src/fleet/values/values.ts';
import type { Event } from '../../../../src/table/event.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

const containing = (text: string): unknown => expect.stringContaining(text);

function stage(settings: Partial<ValueSettings> = {}) {
  const time = new VirtualTime();
  const events: Event[] = [];
  const wallMs = () => 1_800_000_000_000 + time.nowMs;
  const fleet = alone({ edge: 'e', region: 'local', wallMs });
  const values = new FleetValues({
    fleet,
    settings: { ...DEFAULT_VALUES, ...settings },
    edge: 'e',
    wallMs,
    clock: { nowMs: () => time.nowMs },
    sleep: time.sleep,
    random: () => 0.5,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
  });
  const write = (key: string, value: unknown, more: Partial<ValueOrder> = {}) =>
    values.write({ key, value, actor: 'ana', consistency: undefined, ifMatch: undefined, ifAbsent: false, ...more });
  return { time, events, values, write };
}

test('what is written is read; every order is in the log, without the value', async () => {
  const { values, write, events } = stage();
  expect(await values.read('flags/x', undefined)).toMatchObject({ kind: 'missing', why: 'there is no flags/x' });
  expect(await write('flags/x', { secret: 'hunter2' })).toMatchObject({ kind: 'written', stored: 'here' });
  expect(await values.read('flags/x', 'eventual')).toMatchObject({
    kind: 'read',
    shown: {
      value: { secret: 'hunter2' },
      actor: 'ana',
      edge: 'e',
      consistency: 'eventual',
      merge: 'newest',
      version: { e: 1 },
    },
  });
  expect(await write('flags/x', undefined)).toMatchObject({ kind: 'written' });
  expect(await values.read('flags/x', undefined)).toMatchObject({ kind: 'missing', why: 'flags/x was deleted' });
  expect(events).toMatchObject([
    { type: 'fleet-value', key: 'flags/x', order: 'set', result: 'here', actor: 'ana', why: '' },
    { type: 'fleet-value', key: 'flags/x', order: 'delete', result: 'here' },
  ]);
  expect(JSON.stringify(events)).not.toContain('hunter2');
  expect(values.writes).toEqual(new Map([['eventual here', 2]]));
});

test('a write is refused where the value is not as its condition says', async () => {
  const { write } = stage();
  expect(await write('k', 1, { ifMatch: '*' })).toMatchObject({
    kind: 'conflict',
    why: containing('not there'),
  });
  const first = await write('k', 1, { ifAbsent: true });
  if (first.kind !== 'written') throw new Error('not written');
  expect(await write('k', 2, { ifAbsent: true })).toMatchObject({ kind: 'conflict', now: { value: 1 } });
  expect(await write('k', 2, { ifMatch: '"other"' })).toMatchObject({
    kind: 'conflict',
    now: { etag: first.shown.etag },
  });
  expect(await write('k', 2, { ifMatch: first.shown.etag })).toMatchObject({ kind: 'written', shown: { value: 2 } });
  expect(await write('k', undefined, { ifMatch: first.shown.etag })).toMatchObject({ kind: 'conflict' });
  expect(await write('k', undefined, { ifMatch: '*' })).toMatchObject({ kind: 'written' });
  expect(await write('k', 3, { ifAbsent: true })).toMatchObject({ kind: 'written' });
});

test('bounded in keys, bytes and rate; a deletion always has room', async () => {
  const { time, values, write } = stage({ keysMax: 2, bytesMax: 100, writesPerSecondMax: 4 });
  await write('a', 1);
  await write('b', 1);
  expect(await write('c', 1)).toMatchObject({ kind: 'full', why: containing('2 keys') });
  expect(await write('b', 'x'.repeat(100))).toMatchObject({
    kind: 'full',
    why: containing('100 are kept'),
  });
  await write('b', 2);
  await write('b', 3);
  expect(await write('b', 4)).toMatchObject({ kind: 'limited', retryMs: 250 });
  await time.pass(250);
  expect(await write('b', undefined)).toMatchObject({ kind: 'written' });
  expect(values.index.size).toBe(2);
});

test('what was deleted is forgotten after its time, and makes room', async () => {
  const { time, values, write } = stage({ keysMax: 1, tombstoneMs: 60_000 });
  await write('a', 1);
  await write('a', undefined);
  await values.tidy();
  expect(values.index.size).toBe(1);
  await time.pass(61_000);
  await values.tidy();
  expect([values.index.size, values.index.bytes]).toEqual([0, 0]);
  expect(await write('b', 1)).toMatchObject({ kind: 'written' });
});

test('strong needs regions, and is refused where the file says otherwise of the key', async () => {
  const { values, write } = stage({ consistency: { 'locks/': 'strong' } });
  expect(await write('locks/x', 1)).toMatchObject({ kind: 'refused', why: containing('alone') });
  expect(await values.read('locks/x', undefined)).toMatchObject({ kind: 'refused' });
  expect(await values.read('locks/x', 'eventual')).toMatchObject({ kind: 'missing' });
  expect(await write('locks/x', 1, { consistency: 'eventual' })).toMatchObject({ kind: 'mismatch' });
  expect(await write('flags/x', 1, { consistency: 'strong' })).toMatchObject({
    kind: 'mismatch',
    fix: containing('consistency: { "flags/": strong }'),
  });
  expect(await values.read('flags/x', 'strong')).toMatchObject({ kind: 'mismatch' });
});

test('a watch hears what changes behind its cursor, deletions too, and ends when its time is up', async () => {
  const { time, values, write } = stage();
  await write('flags/a', 1);
  await write('other', 1);
  const { cursor, values: there } = values.list('flags/');
  expect(there.map(({ key }) => key)).toEqual(['flags/a']);
  const watch = values.watch('flags/', cursor, 20_000);
  await write('other', 2);
  await write('flags/b', true);
  expect(await watch).toMatchObject({ values: [{ key: 'flags/b', value: true }] });
  await write('flags/a', undefined);
  expect(values.list('flags/', cursor).values).toMatchObject([{ key: 'flags/a', deleted: true }, { key: 'flags/b' }]);
  const quiet = values.watch('flags/', values.list('').cursor, 500);
  await time.pass(600);
  expect(await quiet).toMatchObject({ values: [] });
  // Whatever has another life is answered with all there is.
  expect(await values.watch('', 'other.7', 20_000)).toMatchObject({ values: [{ deleted: true }, {}, {}] });
});

test('no more may watch than there is room for', async () => {
  const { time, values } = stage();
  const { cursor } = values.list('');
  const watching = Array.from({ length: WAITERS_MAX }, () => values.watch('', cursor, 1000));
  expect(await values.watch('', cursor, 1000)).toMatchObject({ kind: 'limited' });
  await time.pass(1100);
  expect((await Promise.all(watching)).every((one) => 'cursor' in one)).toBe(true);
});

test('a flag is on when it is true or "on"', async () => {
  const { values, write } = stage();
  const changed: string[] = [];
  values.onChange((key) => changed.push(key));
  for (const [value, is] of [
    [true, true],
    ['on', true],
    [false, false],
    ['off', false],
    [1, false],
    [undefined, false],
  ] as const) {
    await write('flags/x', value);
    expect([value, values.isOn('flags/x')]).toEqual([value, is]);
  }
  expect(changed).toEqual(Array.from({ length: 6 }, () => 'flags/x'));
});
