import { expect, test } from 'vitest';
import { demandText, readTotals } from '../../../src/fleet/client-text.ts';
import { readDigest, readMembers } from '../../../src/fleet/digest-text.ts';
import type { EdgeReport } from '../../../src/fleet/fleet.ts';
import { Gatherer } from '../../../src/fleet/gatherer.ts';
import type { RegionStore } from '../../../src/fleet/region-store.ts';
import { reportText } from '../../../src/fleet/report-text.ts';
import { Reporter } from '../../../src/fleet/reporter.ts';

const NOBODY = () => false;

function stage() {
  const clock = { ms: 0 };
  const gatherer = new Gatherer({ region: 'r', clock: { nowMs: () => clock.ms }, reportMs: 100, forgetMs: 1000 });
  const texts = new Map<string, string>();
  const names = new Map<string, string>();
  const reporters = new Map<string, Reporter>();
  const store = {
    gather: () => Promise.resolve([...texts]),
    names: (hashes: readonly string[]) => Promise.resolve(hashes.map((hash) => names.get(hash))),
  } as unknown as RegionStore;
  return {
    clock,
    gatherer,
    texts,
    gather: () => gatherer.gather(store),
    tell: (edge: string, report: EdgeReport) => {
      const reporter = reporters.get(edge) ?? new Reporter(edge, 'r', 0);
      reporters.set(edge, reporter);
      reporter.report(report);
      const { tell, namesText } = reporter.next();
      texts.set(edge, tell.text);
      names.set(tell.names.hash, namesText);
    },
    sum: (elsewhere: (edge: string) => boolean = NOBODY) => {
      const { publish, names } = gatherer.sum(elsewhere, { s: 5 });
      const digest = readDigest(publish.number, publish.text)!;
      const text = (hash: string) => names.find((name) => name.hash === hash)?.text ?? '';
      return {
        ...publish,
        digest,
        members: readMembers(text(digest.members)),
        ids: JSON.parse(text(digest.names)) as unknown,
      };
    },
  };
}

test('what edges see is added up', async () => {
  const { tell, gather, sum } = stage();
  tell(
    'a',
    new Map([
      ['x', { inFlight: 1, seen: 'up' }],
      ['y', { inFlight: 2, seen: 'down' }],
    ]),
  );
  tell('b', new Map([['y', { inFlight: 3, seen: 'unknown' }]]));
  await gather();
  const { digest, members, ids, counted } = sum();
  expect(members).toEqual([
    ['a', 'r'],
    ['b', 'r'],
  ]);
  expect(ids).toEqual(['x', 'y']);
  expect(digest).toMatchObject({
    edges: 2,
    inFlight: [1, 5],
    up: [1, 0],
    down: [0, 1],
    unknown: [0, 1],
    late: {},
    lags: { s: 5 },
  });
  expect(counted).toEqual({ a: `${digest.number}:1`, b: `${digest.number}:1` });
});

test('an edge that says nothing new is late, then forgotten', async () => {
  const { clock, tell, gather, sum } = stage();
  tell('a', new Map());
  await gather();
  clock.ms = 300;
  await gather();
  expect(sum().digest).toMatchObject({ edges: 1, late: { a: 300 } });
  clock.ms = 1001;
  await gather();
  expect(sum()).toMatchObject({ digest: { edges: 0, late: {} }, forget: ['a'] });
});

test('an edge that is late here and heard elsewhere is not counted here', async () => {
  const { clock, tell, gather, sum } = stage();
  tell('a', new Map([['x', { inFlight: 1, seen: 'up' }]]));
  await gather();
  expect(sum((edge) => edge === 'a').digest.edges).toBe(1);
  clock.ms = 300;
  expect(sum((edge) => edge === 'a').digest).toMatchObject({ edges: 0, inFlight: [], late: {} });
});

test('what cannot be read counts for nothing, and two digests have two numbers', async () => {
  const { texts, gather, sum } = stage();
  texts.set('a', 'garbage');
  await gather();
  expect(sum().digest.edges).toBe(0);
  expect(sum().digest.number).not.toBe(sum().digest.number);
});

test('what edges tell of clients is added up by client; an edge that ends tells no more', async () => {
  const { clock, gather, texts, sum } = stage();
  const sent = (edge: string, number: number, clients: string, leaving = false) =>
    texts.set(edge, reportText({ number, region: 'r', names: 'h', inFlight: '', seen: '', leaving, clients }));
  await gather();
  expect(sum().clients).toBe('');
  sent(
    'a',
    1,
    demandText(
      new Map([
        [5, 300],
        [6, 20],
      ]),
    ),
  );
  sent('b', 1, demandText(new Map([[5, 700]])));
  sent('c', 1, 'no text of clients');
  await gather();
  expect(readTotals(sum().clients)).toEqual(
    new Map([
      [5, { demand: 1000, edges: 2 }],
      [6, { demand: 20, edges: 1 }],
    ]),
  );
  sent('b', 2, demandText(new Map([[5, 700]])), true);
  await gather();
  expect(readTotals(sum().clients).get(5)).toEqual({ demand: 300, edges: 1 });
  clock.ms = 2000;
  await gather();
  expect(sum().clients).toBe('');
});
