import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, type OpenOptions } from '../../../bench/rig/fleet.ts';
import { startFleet } from '../../support/fleet.ts';
import { temporaryFolder } from '../../support/process.ts';
import { lacks } from '../../support/programs.ts';
import { startRedis } from '../../support/redis.ts';

// What every driver must do, with real parts.
const DRIVERS: readonly { name: string; skip: boolean; options: () => Promise<OpenOptions> }[] = [
  { name: 'memory', skip: false, options: async () => ({ store: 'memory' }) },
  { name: 'sqlite', skip: false, options: async () => ({ store: 'sqlite', path: join(temporaryFolder().path, 'f') }) },
  {
    name: 'redis',
    skip: lacks('redis-server'),
    options: async () => ({ store: 'redis', regions: [{ name: 'a', url: (await startRedis()).url, ca: undefined }] }),
  },
];

describe.each(DRIVERS)('$name', ({ skip, options }) => {
  const start = async () => {
    const opened = await startFleet('e', await options());
    await eventually('connected', () => opened.fleet.status().regions.every(({ connected }) => connected));
    return opened;
  };

  test.skipIf(skip)('a write is in force at once, and stored when it is answered', async () => {
    const { fleet } = await start();
    const told: unknown[] = [];
    fleet.onChange((record) => told.push(record));
    const put = fleet.put('drain/x', { drained: true });
    expect(fleet.list('drain/')).toMatchObject([{ key: 'drain/x', value: { drained: true }, by: 'e' }]);
    expect(await put).toEqual({ stored: 'primary', record: fleet.list('')[0] });
    expect(told).toEqual(fleet.list(''));
  });

  test.skipIf(skip)('a later write stands, and lists are sorted by key', async () => {
    const { fleet } = await start();
    await fleet.put('b', { n: 1 });
    await fleet.put('a', { n: 2 });
    await fleet.put('b', { n: 3 });
    expect(fleet.list('').map(({ key, value }) => [key, value])).toEqual([
      ['a', { n: 2 }],
      ['b', { n: 3 }],
    ]);
    expect(fleet.list('b')).toHaveLength(1);
    expect(fleet.status()).toMatchObject({ records: 2, conflictsResolved: 0, edge: 'e', region: 'a' });
    expect(fleet.status().regions).toMatchObject([{ region: 'a', role: 'primary', waiting: 0, trouble: '' }]);
  });

  test.skipIf(skip)('what is too large is refused, and nothing is kept of it', async () => {
    const { fleet } = await start();
    await expect(fleet.put('k', { x: 'x'.repeat(20_000) })).rejects.toThrow('at most 16384 are kept');
    await expect(fleet.put('', {})).rejects.toThrow('a record needs a key');
    expect(fleet.list('')).toEqual([]);
  });

  test.skipIf(skip)('alone, it sees itself and nobody else', async () => {
    const { fleet } = await start();
    fleet.report(new Map([['x', { inFlight: 1, seen: 'up' }]]));
    expect(fleet.digest()).toEqual({ edges: 0, endpoints: new Map() });
    expect(fleet.status().edges).toEqual([{ id: 'e', region: 'a', heardMsAgo: 0 }]);
  });
});
