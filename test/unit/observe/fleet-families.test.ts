import { expect, test } from 'vitest';
import type { FleetStatus } from '../../../src/fleet/fleet.ts';
import { fleetFamilies, overrideFamilies, type SeenEndpoint } from '../../../src/observe/fleet-families.ts';

const STATUS: FleetStatus = {
  edge: 'a',
  region: 'us-east-1',
  edges: [
    { id: 'a', region: 'us-east-1', heardMsAgo: 0 },
    { id: 'b', region: 'europe-west1', heardMsAgo: 900 },
  ],
  left: [],
  regions: [
    { region: 'us-east-1', role: 'primary', connected: true, writable: true, trouble: '', waiting: 0 },
    { region: 'europe-west1', role: 'replica', connected: false, writable: false, trouble: 'refused', waiting: 3 },
  ],
  lags: [],
  records: 7,
  conflictsResolved: 2,
  unreadable: { count: 1, last: ['x'] },
  reportsDropped: 5,
};
const SEEN: readonly SeenEndpoint[] = [
  { cloud: 'gcp', region: 'x', inFlight: 3, quorum: 'up', cutOff: true },
  { cloud: 'gcp', region: 'x', inFlight: 4, quorum: 'none', cutOff: false },
  { cloud: 'aws', region: 'y', inFlight: 0, quorum: 'up', cutOff: false },
];

function samplesOf(name: string): readonly (readonly [object, number])[] {
  const family = fleetFamilies({
    status: () => STATUS,
    missing: () => [
      { region: 'eu', regionGone: true },
      { region: 'eu', regionGone: true },
      { region: 'us', regionGone: false },
    ],
    seen: () => SEEN,
    shares: () => [{ service: 'shop', share: 0.25 }],
    clients: () => [{ service: 'shop', told: 3, shared: 2 }],
  }).find((one) => one.name === name);
  return family?.samples().map(({ labels, value }) => [labels, value] as const) ?? [];
}

test.each([
  ['meridian_fleet_edges', 2],
  ['meridian_fleet_edges_missing', 3],
  ['meridian_fleet_regions_missing', 1],
  ['meridian_fleet_records', 7],
  ['meridian_fleet_conflicts_resolved_total', 2],
  ['meridian_fleet_unreadable_total', 1],
  ['meridian_fleet_reports_dropped_total', 5],
])('%s is %d', (name, value) => {
  expect(samplesOf(name)).toEqual([[{}, value]]);
});

test('each region is up or not, with what waits for it', () => {
  const [here, there] = [
    { region: 'us-east-1', role: 'primary' },
    { region: 'europe-west1', role: 'replica' },
  ];
  expect(samplesOf('meridian_fleet_region_up')).toEqual([
    [here, 1],
    [there, 0],
  ]);
  expect(samplesOf('meridian_fleet_store_writable')).toEqual([
    [here, 1],
    [there, 1],
  ]);
  expect(samplesOf('meridian_fleet_writes_waiting')).toEqual([
    [here, 0],
    [there, 3],
  ]);
});

test('what the fleet sees is added up by region and cloud', () => {
  const [gcp, aws] = [
    { region: 'x', cloud: 'gcp' },
    { region: 'y', cloud: 'aws' },
  ];
  expect(samplesOf('meridian_fleet_in_flight')).toEqual([
    [gcp, 7],
    [aws, 0],
  ]);
  expect(samplesOf('meridian_fleet_cut_off')).toEqual([
    [gcp, 1],
    [aws, 0],
  ]);
  const quorums = samplesOf('meridian_fleet_quorum').filter(([, value]) => value > 0);
  expect(quorums).toEqual([
    [{ ...gcp, quorum: 'up' }, 1],
    [{ ...gcp, quorum: 'none' }, 1],
    [{ ...aws, quorum: 'up' }, 1],
  ]);
});

test('overrides are counted by kind', () => {
  const [family] = overrideFamilies(() => [{ kind: 'drain' }, { kind: 'drain' }, { kind: 'weight' }]);
  expect(family?.samples().map(({ labels, value }) => [labels['kind'], value])).toEqual([
    ['drain', 2],
    ['weight', 1],
    ['capacity', 0],
  ]);
});

test('a store that answers and takes no writes is not up', () => {
  const region = {
    region: 'x',
    role: 'primary',
    connected: true,
    writable: false,
    trouble: 'it is full',
    waiting: 1,
  } as const;
  const families = fleetFamilies({
    status: () => ({ ...STATUS, regions: [region] }),
    missing: () => [],
    seen: () => [],
    shares: () => [],
    clients: () => [],
  });
  const valueOf = (name: string) => families.find((one) => one.name === name)?.samples()[0]?.value;
  expect(['meridian_fleet_region_up', 'meridian_fleet_store_writable'].map(valueOf)).toEqual([0, 0]);
});

test('the part of a shared limit is told by service', () => {
  expect(samplesOf('meridian_fleet_limit_share')).toEqual([[{ service: 'shop' }, 0.25]]);
});

test('heavy clients are counted by service, those of whose limit others have a part apart', () => {
  expect(samplesOf('meridian_fleet_limited_clients')).toEqual([
    [{ service: 'shop', state: 'told' }, 3],
    [{ service: 'shop', state: 'shared' }, 2],
  ]);
});
