import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openHere } from '../../../bench/rig/fleet.ts';
import { startFleet } from '../../support/fleet.ts';
import { temporaryFolder } from '../../support/process.ts';

const fileIn = () => join(temporaryFolder().path, 'fleet.sqlite');

test('records in a file survive a restart', async () => {
  const path = fileIn();
  const before = await openHere('e', { store: 'sqlite', path });
  const { record } = await before.fleet.put('drain/x', { drained: true });
  await before.close();
  const { fleet } = await startFleet('e', { store: 'sqlite', path });
  expect(fleet.list('')).toEqual([record]);
});

test('a record of a newer version is left as it is, also by a write', async () => {
  const path = fileIn();
  await (await openHere('e', { store: 'sqlite', path })).close();
  const db = new DatabaseSync(path);
  db.exec(`INSERT INTO records_v1 VALUES ('k', '{"v":2,"x":1}'), ('bad', 'garbage')`);
  const { fleet, events } = await startFleet('e', { store: 'sqlite', path });
  expect(fleet.list('')).toEqual([]);
  expect(fleet.status().unreadable).toEqual({ count: 2, last: ['a/bad', 'a/k'] });
  expect((await fleet.put('k', { x: 2 })).stored).toBe('here');
  expect(fleet.list('k')).toMatchObject([{ value: { x: 2 } }]);
  expect(db.prepare('SELECT text FROM records_v1 WHERE key = ?').get('k')).toEqual({ text: '{"v":2,"x":1}' });
  db.close();
  expect(events.map(({ type }) => type).toSorted()).toEqual([
    'fleet-record-unreadable',
    'fleet-record-unreadable',
    'fleet-trouble',
  ]);
});

test('a file that is held by another is written when it is free again', async () => {
  const path = fileIn();
  const { fleet } = await startFleet('e', { store: 'sqlite', path });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect((await fleet.put('k', { x: 1 })).stored).toBe('here');
  expect(fleet.status().regions[0]).toMatchObject({
    connected: false,
    waiting: 1,
    trouble: 'its file cannot be written: database is locked',
  });
  other.exec('ROLLBACK');
  expect((await fleet.put('l', { x: 1 })).stored).toBe('primary');
  expect(fleet.status().regions[0]).toMatchObject({ connected: true, waiting: 0, trouble: '' });
  other.close();
});

test('a damaged file is an error at once', async () => {
  const folder = temporaryFolder();
  const path = folder.write('fleet.sqlite', 'SQLite format 3\0 and then nothing of the kind'.padEnd(5000, 'x'));
  await expect(openHere('e', { store: 'sqlite', path })).rejects.toThrow(/cannot hold the fleet's records/);
  await expect(openHere('e', { store: 'sqlite' })).rejects.toThrow('the sqlite store of the fleet needs a path');
});

test('an edge that is alone sees nobody else', async () => {
  const { fleet } = await startFleet('e', { store: 'memory', region: 'here' });
  fleet.report(new Map([['x', { inFlight: 1, seen: 'up' }]]));
  expect(fleet.digest()).toEqual({ edges: 0, endpoints: new Map() });
  expect(fleet.status()).toEqual({
    edge: 'e',
    region: 'here',
    edges: [{ id: 'e', region: 'here', heardMsAgo: 0 }],
    left: [],
    lags: [],
    records: 0,
    regions: [{ region: 'here', role: 'primary', connected: true, writable: true, trouble: '', waiting: 0 }],
    conflictsResolved: 0,
    unreadable: { count: 0, last: [] },
    reportsDropped: 0,
  });
});
