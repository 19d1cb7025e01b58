import { expect, test } from 'vitest';
import { EdgeWatch, MISSED_MS } from '../../../src/fleet/edge-watch.ts';

const FORGET_MS = 1000;

function stage() {
  const watch = new EdgeWatch(FORGET_MS, 'us');
  const now = { ms: 0, writable: true };
  /** Looks once a second for so long, hearing these edges. */
  const pass = (seconds: number, edges: readonly string[], left: readonly string[] = []) => {
    for (let n = 0; n < seconds; n += 1) {
      now.ms += 1000;
      const region = {
        region: 'us',
        role: 'primary',
        connected: true,
        writable: now.writable,
        trouble: '',
        waiting: 0,
      } as const;
      const heard = edges.map((id) => ({ id, region: id.slice(0, 2), heardMsAgo: 0 }));
      watch.look(
        { edge: 'us-1', left, regions: [region], edges: [{ id: 'us-1', region: 'us', heardMsAgo: 0 }, ...heard] },
        now.ms,
      );
    }
    return watch.missing().map(({ id, regionGone }) => (regionGone ? `${id} with its region` : id));
  };
  return { now, pass };
}

test('an edge that was there for a while and is heard no more is missing, until it is back', () => {
  const { pass } = stage();
  expect(pass(10, ['us-2', 'eu-1'])).toEqual([]);
  expect(pass(1, ['eu-1'])).toEqual(['us-2']);
  expect(pass(60, ['eu-1'])).toEqual(['us-2']);
  expect(pass(1, ['us-2', 'eu-1'])).toEqual([]);
});

test('one that does not come back is forgotten after an hour', () => {
  const { pass } = stage();
  pass(10, ['us-2']);
  expect(pass(MISSED_MS / 1000 - 1, [])).toEqual(['us-2']);
  expect(pass(3, [])).toEqual([]);
});

test('one that said that it ends is not missed, nor one that was heard for a moment only', () => {
  const { pass } = stage();
  pass(10, ['us-2']);
  pass(1, ['us-3']);
  expect(pass(1, [], ['us-2'])).toEqual([]);
  expect(pass(60, [])).toEqual([]);
});

test('all edges of a region, when there were several and it is not the own one', () => {
  const { pass } = stage();
  pass(10, ['us-2', 'eu-1', 'eu-2', 'ap-1']);
  expect(pass(1, ['eu-2'])).toEqual(['us-2', 'eu-1', 'ap-1']);
  expect(pass(1, [])).toEqual(['us-2', 'eu-1 with its region', 'eu-2 with its region', 'ap-1']);
});

test('an edge that can use no store misses nobody, nor before it has had time to hear them again', () => {
  const { now, pass } = stage();
  pass(10, ['us-2', 'eu-1']);
  now.writable = false;
  expect(pass(60, [])).toEqual([]);
  now.writable = true;
  expect(pass(2, [])).toEqual([]);
  expect(pass(10, ['us-2'])).toEqual(['eu-1']);
});
