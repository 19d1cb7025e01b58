import { expect, test } from 'vitest';
import { play } from '../../bench/fleet/schedules.ts';
import { lacks } from '../support/programs.ts';

// Real servers and real connections under chance. `npm run bench:fleet -- --schedules 100` plays a hundred.
const SEED = process.env['MERIDIAN_SEED'];
const seeds = SEED === undefined ? [1, 2, 3, 4] : [Number(SEED)];

test.skipIf(lacks('redis-server'))(
  'all edges and servers end in the same state, and nothing acknowledged is lost',
  { timeout: 120_000 },
  async () => {
    let acknowledged = 0;
    for (const seed of seeds) {
      const played = await play(seed);
      expect(played).toMatchObject({ seed, lost: [], states: 1 });
      acknowledged += played.acknowledged;
    }
    // Or there would have been nothing to lose.
    expect(acknowledged).toBeGreaterThan(0);
  },
);
