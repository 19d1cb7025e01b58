import { expect, test } from 'vitest';
import { clientsOf, totalsText } from '../../../src/fleet/client-text.ts';
import { digestText, type Member, membersText } from '../../../src/fleet/digest-text.ts';
import { Digests } from '../../../src/fleet/digests.ts';
import type { EdgeReport } from '../../../src/fleet/fleet.ts';
import type { RegionStore } from '../../../src/fleet/region-store.ts';
import { namesHash, namesText } from '../../../src/fleet/report-text.ts';

/** What this edge told of clients: of 5 and 6. */
const MY_CLIENTS = new Map([
  [5, 300],
  [6, 200],
]);
const ME: EdgeReport = new Map([['x', { inFlight: 2, seen: 'up' as const }]]);

function stage() {
  const asked: string[] = [];
  const names = new Map<string, string>();
  const store = {
    names: (hashes: readonly string[]) => {
      asked.push(...hashes);
      return Promise.resolve(hashes.map((hash) => names.get(hash)));
    },
  } as unknown as RegionStore;
  const reportOf = (number: number) => (number === 7 ? { report: ME, clients: MY_CLIENTS } : undefined);
  const digests = new Digests({ edge: 'me', reportMs: 100, forgetMs: 1000, reportOf });
  const keep = (text: string) => {
    names.set(namesHash(text), text);
    return namesHash(text);
  };
  const hear = async (
    region: string,
    what: { number: string; members: Member[]; inFlight: number; up?: number },
    nowMs = 0,
  ) => {
    const { number, members, inFlight, up = members.length } = what;
    const text = digestText({
      number,
      edges: members.length,
      members: keep(membersText(members)),
      names: keep(namesText(['x'])),
      inFlight: [inFlight],
      up: [up],
      down: [members.length - up],
      unknown: [0],
      late: {},
      lags: {},
    });
    const counted = members.some(([edge]) => edge === 'me') ? `${number}:7` : '';
    await digests.take({ wantsNames: false, counted, digests: [[region, `${number} ${text}`]] }, 7, {
      name: 'r',
      store,
      nowMs,
    });
  };
  return { digests, hear, asked };
}

test('regions are added up, without this edge', async () => {
  const { digests, hear } = stage();
  await hear('r', {
    number: '1',
    members: [
      ['me', 'r'],
      ['a', 'r'],
    ],
    inFlight: 5,
  });
  await hear('s', { number: '1', members: [['b', 's']], inFlight: 4, up: 0 });
  expect(digests.digest(0)).toEqual({
    edges: 2,
    counted: new Map([['x', 2]]),
    endpoints: new Map([['x', { inFlight: 7, up: 1, down: 1, unknown: 0 }]]),
  });
  expect(digests.edges(10)).toEqual([
    { id: 'a', region: 'r', heardMsAgo: 10 },
    { id: 'b', region: 's', heardMsAgo: 10 },
  ]);
  expect(digests.known()).toEqual({ r: '1', s: '1' });
});

test('what was not heard for long is forgotten', async () => {
  const { digests, hear } = stage();
  await hear('s', { number: '1', members: [['b', 's']], inFlight: 4 });
  expect(digests.digest(1000).edges).toBe(1);
  expect(digests.digest(1001)).toEqual({ edges: 0, endpoints: new Map() });
});

test('a late digest is dropped as soon as another has its edges', async () => {
  const { digests, hear } = stage();
  await hear('s', {
    number: '1',
    members: [
      ['b', 's'],
      ['c', 's'],
    ],
    inFlight: 4,
  });
  expect(digests.digest(600).edges).toBe(2);
  await hear('r', { number: '1', members: [['b', 's']], inFlight: 1 }, 600);
  expect(digests.digest(600)).toMatchObject({
    edges: 1,
    endpoints: new Map([['x', { inFlight: 1, up: 1, down: 0, unknown: 0 }]]),
  });
  expect(digests.isElsewhere('b', 's', 600)).toBe(true);
  expect(digests.isElsewhere('b', 'r', 600)).toBe(false);
});

test('long lists are asked for once', async () => {
  const { hear, asked } = stage();
  await hear('s', { number: '1', members: [['b', 's']], inFlight: 4 });
  await hear('s', { number: '2', members: [['b', 's']], inFlight: 5 });
  expect(asked).toHaveLength(2);
});

test('a digest whose lists are gone is not used, nor one that cannot be read', async () => {
  const { digests, hear } = stage();
  await hear('s', { number: '1', members: [['b', 's']], inFlight: 4 });
  const store = { names: () => Promise.resolve([undefined]) } as unknown as RegionStore;
  const text = digestText({
    number: '2',
    edges: 9,
    members: 'gone',
    names: 'gone',
    inFlight: [],
    up: [],
    down: [],
    unknown: [],
    late: {},
    lags: {},
  });
  const from = { name: 'r', store, nowMs: 0 };
  await digests.take(
    {
      wantsNames: false,
      counted: '',
      digests: [
        ['s', `2 ${text}`],
        ['t', 'garbage'],
      ],
    },
    1,
    from,
  );
  expect(digests.known()).toEqual({ s: '1' });
});

test('what regions tell of clients is added up without this edge, beside the digest that has its number and no other', async () => {
  const { digests, hear } = stage();
  const told = async (region: string, number: string, totals: [number, { demand: number; edges: number }][]) => {
    const text = `${number} ${totalsText(new Map(totals))}`;
    const reply = { wantsNames: false, counted: '', digests: [[clientsOf(region), text] as const] };
    await digests.take(reply, 7, { name: region, store: {} as RegionStore, nowMs: 0 });
  };
  const mine: Member[] = [
    ['me', 'r'],
    ['a', 'r'],
  ];
  await hear('r', { number: '1', members: mine, inFlight: 5 });
  await hear('s', { number: '4', members: [['b', 's']], inFlight: 4 });
  expect(digests.digest(0).clients).toBeUndefined();
  await told('r', '1', [
    [5, { demand: 1000, edges: 2 }],
    [6, { demand: 200, edges: 1 }],
    [9, { demand: 70, edges: 1 }],
  ]);
  await told('s', '4', [[5, { demand: 50, edges: 1 }]]);
  expect(digests.known()).toEqual({ r: '1', s: '4', 'r clients': '1', 's clients': '4' });
  expect(digests.digest(0).clients).toEqual(
    new Map([
      [5, { own: 300, others: 750, edges: 2 }],
      [6, { own: 200, others: 0, edges: 0 }],
      [9, { others: 70, edges: 1 }],
    ]),
  );
  // The next digest has none beside it.
  await hear('r', { number: '2', members: mine, inFlight: 5 });
  expect(digests.digest(0).clients).toEqual(new Map([[5, { others: 50, edges: 1 }]]));
  // What is old is forgotten with the digest.
  expect(digests.digest(5000).clients).toBeUndefined();
});
