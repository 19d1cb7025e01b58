import { expect, test } from 'vitest';
import type { FleetAnswer } from '../../../src/compose/fleet-answer.ts';
import { fleetTables } from '../../../src/main/fleet-table.ts';

const ANSWER: FleetAnswer = {
  edge: 'iad-1',
  region: 'us-east-1',
  shared: true,
  edges: [
    { id: 'iad-1', region: 'us-east-1', heardMsAgo: 0 },
    { id: 'fra-1', region: 'europe-west1', heardMsAgo: 940 },
  ],
  left: [],
  regions: [
    { region: 'us-east-1', role: 'primary', connected: true, writable: true, trouble: '', waiting: 0 },
    {
      region: 'europe-west1',
      role: 'replica',
      connected: false,
      writable: false,
      trouble: 'it refuses the password',
      waiting: 3,
    },
  ],
  lags: [
    { source: 'us-east-1', target: 'europe-west1', seconds: 0.44 },
    { source: 'europe-west1', target: 'us-east-1', seconds: null },
  ],
  records: 4,
  conflictsResolved: 1,
  unreadable: { count: 2, last: ['override/x'] },
  reportsDropped: 7,
  overrides: [
    {
      kind: 'drain',
      scope: 'gcp/europe-west1',
      level: 0,
      until: null,
      since: '2026-11-25T20:00:00.000Z',
      actor: 'ann',
      reason: 'an outage',
      edge: 'fra-1',
    },
    {
      kind: 'weight',
      scope: 'azure',
      level: 0.5,
      until: '2026-11-25T21:00:00.000Z',
      since: '2026-11-25T20:00:00.000Z',
      actor: 'bob',
      reason: 'a new version',
      edge: 'iad-1',
    },
  ],
  doubted: [
    { endpoint: 'shop/gcp/x/h:1', here: 'down', up: 4, down: 1, unknown: 0, quorum: 'up', cutOff: true },
    { endpoint: 'shop/aws/y/h:2', here: 'up', up: 0, down: 2, unknown: 0, quorum: 'down', cutOff: false },
  ],
};

test('everything there is to know, in columns', () => {
  expect(
    fleetTables(ANSWER),
  ).toBe(`As edge iad-1 in us-east-1 sees it: 4 records, 1 conflicts resolved, 7 reports dropped
2 records cannot be read and are left as they are; the last: override/x

EDGE   REGION        HEARD
iad-1  us-east-1     this one
fra-1  europe-west1  0.9 s ago

REGION        ROLE     STORE  WAITING  TROUBLE
us-east-1     primary  up     0
europe-west1  replica  down   3        it refuses the password

FROM          TO            BEHIND
us-east-1     europe-west1  0.4 s
europe-west1  us-east-1     never in step

OVERRIDE  OF                IS   UNTIL                     BY         REASON
drain     gcp/europe-west1       lifted                    ann@fra-1  an outage
weight    azure             0.5  2026-11-25T21:00:00.000Z  bob@iad-1  a new version

ENDPOINT        HERE  UP  DOWN  UNKNOWN  MOST EDGES SEE IT
shop/gcp/x/h:1  down  4   1     0        up: this edge is cut off
shop/aws/y/h:2  up    0   2     0        down
`);
});

test('an edge that is alone has overrides and nothing else', () => {
  const text = fleetTables({ ...ANSWER, shared: false, overrides: [] });
  expect(text).toMatch(/^This edge is alone: .*\n\nNo overrides are in force\.\n$/);
});

test('no more doubtful endpoints are listed than anybody reads', () => {
  const [one] = ANSWER.doubted;
  const doubted = Array.from({ length: 25 }, () => one as (typeof ANSWER.doubted)[0]);
  const text = fleetTables({ ...ANSWER, doubted });
  expect(text.match(/shop\/gcp\/x/g)).toHaveLength(20);
  expect(text).toMatch(/\nand 5 more that not every edge sees up\n$/);
});

test('a store that answers and takes no writes is not called up', () => {
  const full = {
    region: 'x',
    role: 'primary',
    connected: true,
    writable: false,
    trouble: 'it is full',
    waiting: 1,
  } as const;
  expect(fleetTables({ ...ANSWER, regions: [full] })).toMatch(/x +primary +no writes/);
});
