import { expect, test } from 'vitest';
import { AlertDuty } from '../../../src/compose/alert-duty.ts';
import type { AlertChange } from '../../../src/observe/alert.ts';
import { ClaimBoard } from '../../support/claim-board.ts';
import { changeTo } from '../observe/finding.ts';

const INTERVAL_MS = 30_000;

/** Edges that look one after the other at what each of them sees. */
function stage(...names: readonly string[]) {
  const now = { ms: 0 };
  const board = new ClaimBoard(() => now.ms);
  const there = new Set(names);
  const cut = new Set<string>();
  const edges = names.map((edge) => {
    const notified: string[] = [];
    let all: readonly AlertChange[] = [];
    const sink = { up: true, waiting: 0 };
    const restart = () =>
      new AlertDuty({
        edge,
        claim: async (claims, known) => (cut.has(edge) ? undefined : board.claim(edge, claims, known)),
        edges: () => [...there],
        sinks: {
          notify: (changes, rest) => {
            notified.push(...changes.map(({ status, finding }) => `${status} ${finding.key}`));
            all = rest;
          },
          status: () => [sink as never],
        },
        intervalMs: () => INTERVAL_MS,
        nowMs: () => now.ms,
      });
    let duty = restart();
    let before = new Set<string>();
    return {
      notified,
      sink,
      all: () => all.map(({ status, finding }) => `${status} ${finding.key}`),
      holder: (key: string) => duty.holderOf(key),
      restart: () => void (duty = restart()),
      /** One look, at which these fire. */
      look: async (...keys: readonly string[]) => {
        const more = keys.includes('cut_off/aws') ? ({ rule: 'cut_off' } as const) : {};
        const firing = keys.map((key) => changeTo('firing', key, more));
        const over = [...before].filter((key) => !keys.includes(key)).map((key) => changeTo('resolved', key));
        const news = firing.filter(({ finding }) => !before.has(finding.key));
        before = new Set(keys);
        duty.notify([...news, ...over], [...firing, ...over]);
        await duty.settled();
      },
    };
  });
  const look = async (...keys: readonly string[]) => {
    for (const edge of edges) await edge.look(...keys);
    now.ms += INTERVAL_MS;
  };
  return { now, there, cut, edges, look, notified: () => edges.map(({ notified }) => notified.splice(0)) };
}

test('of three edges that see one cause, one notifies that it fires and that it is resolved', async () => {
  const { look, notified, edges } = stage('a', 'b', 'c');
  for (let n = 0; n < 5; n += 1) await look('x');
  expect(notified()).toEqual([['firing x'], [], []]);
  expect(edges.map((edge) => edge.all())).toEqual([['firing x'], [], []]);
  expect(edges[2]?.holder('x')).toBe('a');
  await look();
  expect(notified()).toEqual([[], [], ['resolved x']]);
  await look('x');
  expect(notified()).toEqual([['firing x'], [], []]);
});

test('it is not notified as resolved while any edge sees it', async () => {
  const { edges, notified } = stage('a', 'b');
  for (const edge of edges) await edge.look('x');
  for (const edge of edges) await edge.look('x');
  await edges[0]?.look();
  expect(notified()).toEqual([['firing x'], []]);
  await edges[1]?.look('x');
  expect(edges[1]?.all()).toEqual(['firing x']);
  await edges[1]?.look();
  expect(notified()).toEqual([[], ['resolved x']]);
});

test('another edge takes over for one that is gone at the next look, and notifies again only of what may not have been delivered', async () => {
  for (const delivered of [true, false]) {
    const { edges, there, notified, now } = stage('a', 'b');
    if (edges[0] !== undefined) edges[0].sink.waiting = delivered ? 0 : 1;
    for (const edge of edges) await edge.look('x');
    for (const edge of edges) await edge.look('x');
    there.delete('a');
    now.ms += INTERVAL_MS;
    await edges[1]?.look('x');
    expect(notified()).toEqual([['firing x'], delivered ? [] : ['firing x']]);
    expect(edges[1]?.all()).toEqual(['firing x']);
    await edges[1]?.look();
    expect(notified()).toEqual([[], ['resolved x']]);
  }
});

test('what an edge that is gone had notified is notified as resolved, also when no other was to notify before', async () => {
  const { edges, there, notified } = stage('a', 'b');
  for (const edge of edges) await edge.look('x');
  for (const edge of edges) await edge.look('x');
  there.delete('a');
  await edges[1]?.look();
  expect(notified()).toEqual([['firing x'], ['resolved x']]);
});

test('an edge that cannot ask notifies by itself, but not at once of what it knows that another notifies of', async () => {
  const { edges, cut, notified, now } = stage('a', 'b');
  for (const edge of edges) await edge.look('x');
  cut.add('b');
  await edges[1]?.look('x', 'new');
  expect(notified()).toEqual([['firing x'], ['firing new']]);
  for (let n = 0; n < 4; n += 1) {
    now.ms += INTERVAL_MS;
    await edges[1]?.look('x', 'new');
  }
  expect(notified()).toEqual([[], ['firing x']]);
  await edges[1]?.look();
  expect(notified()).toEqual([[], ['resolved x', 'resolved new']]);
});

test('an edge whose sinks are down leaves it to one whose are not, and notifies if there is none', async () => {
  const { edges, notified } = stage('a', 'b');
  if (edges[0] !== undefined) edges[0].sink.up = false;
  await edges[0]?.look('x');
  expect(notified()).toEqual([['firing x'], []]);
  await edges[1]?.look('x');
  expect(notified()).toEqual([[], ['firing x']]);
  await edges[0]?.look('x');
  expect(edges[0]?.all()).toEqual([]);
});

test('an edge that is restarted notifies nobody again', async () => {
  const { edges, notified } = stage('a', 'b');
  for (let n = 0; n < 2; n += 1) for (const edge of edges) await edge.look('x');
  edges[0]?.restart();
  await edges[0]?.look('x');
  expect(notified()).toEqual([['firing x'], []]);
  expect(edges[0]?.all()).toEqual(['firing x']);
});

test('that an edge is cut off is about that edge: each notifies of its own', async () => {
  const { look, notified } = stage('a', 'b');
  await look('cut_off/aws');
  expect(notified()).toEqual([['firing cut_off/aws'], ['firing cut_off/aws']]);
});
