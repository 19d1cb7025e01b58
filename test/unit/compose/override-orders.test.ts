import { describe, expect, test } from 'vitest';
import { overrideOrders } from '../../../src/compose/override-orders.ts';
import { OVERRIDE_PREFIX } from '../../../src/fleet/override.ts';
import { mergeOverrides } from '../../../src/fleet/override-merge.ts';
import { Overrides } from '../../../src/fleet/overrides.ts';
import { ScopedOverrides } from '../../../src/fleet/scoped-overrides.ts';
import { FleetDouble } from '../../support/fleet-double.ts';
import { threeClouds } from '../../support/topology.ts';

const GCP = 'shop/gcp/europe-west1/10.1.0.1:8080';
const WHY = { reason: 'why' };

function orders(shared = true) {
  const double = new FleetDouble({ [OVERRIDE_PREFIX]: mergeOverrides });
  const fleet = double.join('iad-1', 'us-east-1', () => 1000);
  const overrides = new Overrides({ fleet, wallMs: () => 1000, emit: () => {}, apply: () => {} });
  const topology = threeClouds({ each: 2 });
  return { double, overrides, order: overrideOrders({ topology: () => topology, fleet, shared, overrides }) };
}

test('an order is carried out, and the answer says what is in force, where, and for how many', async () => {
  const { order } = orders();
  expect(await order('drain', { cloud: 'gcp', region: 'europe-west1', for: '1h', actor: 'ann', ...WHY })).toEqual({
    kind: 'drain',
    scope: 'gcp/europe-west1',
    level: 0,
    until: '1970-01-01T01:00:01.000Z',
    edge: 'iad-1',
    region: 'us-east-1',
    endpoints: 2,
    stored: 'primary',
    trouble: '',
    inForce: [
      {
        kind: 'drain',
        scope: 'gcp/europe-west1',
        level: 0,
        until: '1970-01-01T01:00:01.000Z',
        since: '1970-01-01T00:00:01.000Z',
        actor: 'ann',
        reason: 'why',
        edge: 'iad-1',
      },
    ],
  });
});

test('what is lifted is gone, and what still reaches the endpoints is named', async () => {
  const { order } = orders();
  await order('drain', { cloud: 'gcp', ...WHY });
  await order('weight', { endpoint: GCP, weight: 0.5, ...WHY });
  expect(await order('undrain', { cloud: 'gcp' })).toMatchObject({
    level: null,
    until: null,
    inForce: [{ kind: 'weight' }],
  });
  expect(await order('weight', { endpoint: GCP, weight: 1 })).toMatchObject({ level: null, inForce: [] });
});

test('what is not stored yet is said, with why; an edge that is alone has nowhere to store it', async () => {
  const cut = orders();
  cut.double.cut('iad-1');
  expect(await cut.order('drain', { cloud: 'gcp', ...WHY })).toMatchObject({
    stored: 'here',
    trouble: 'cannot be reached (ECONNREFUSED)',
    inForce: [{ scope: 'gcp' }],
  });
  expect(await orders(false).order('drain', { cloud: 'gcp', ...WHY })).toMatchObject({ stored: 'alone', trouble: '' });
});

describe('refused', () => {
  test.each([
    ['drain', { cloud: 'gcp', region: 'mars', ...WHY }, 404, 'gcp/mars', /aws\/us-east-1, gcp\/europe-west1/],
    ['drain', { cloud: 'gcp', service: 'blog', ...WHY }, 404, 'gcp@blog', /services are: shop/],
    ['drain', { endpoint: GCP.replace('8080', '8081'), ...WHY }, 404, '8081', /nearest are: shop\/gcp/],
    ['undrain', { cloud: 'gcp' }, 404, 'there is no drain of gcp in force', /nothing has to be lifted/],
    ['capacity', { cloud: 'gcp', capacity: 'configured' }, 404, 'there is no capacity of gcp', /./],
    ['drain', { cloud: 'gcp' }, 422, 'that is no drain', /undefined/],
  ] as const)('%s %j: %d', async (verb, body, status, error, fix) => {
    const { order, overrides } = orders();
    const answer = (await order(verb, body)) as { status: number; error: string; fix?: string };
    expect(answer.status).toBe(status);
    expect(answer.error).toContain(error);
    expect(String(answer.fix)).toMatch(fix);
    expect(overrides.inForce).toEqual([]);
  });

  test('to lift for a region what was said for its cloud, since that would lift nothing', async () => {
    const { order } = orders();
    await order('drain', { cloud: 'gcp', ...WHY });
    expect(await order('undrain', { cloud: 'gcp', region: 'europe-west1' })).toMatchObject({
      status: 404,
      fix: 'what reaches it is that of gcp; lift that',
    });
  });

  test('to take the last endpoints of a service, unless it is meant', async () => {
    const { order } = orders();
    await order('drain', { cloud: 'gcp', ...WHY });
    await order('drain', { cloud: 'aws', ...WHY });
    expect(await order('drain', { cloud: 'azure', ...WHY })).toMatchObject({
      status: 409,
      error: 'it would leave shop without an endpoint, and every request of it with a 503',
    });
    expect(await order('weight', { cloud: 'azure', weight: 0, ...WHY })).toMatchObject({ status: 409 });
    expect(await order('drain', { cloud: 'azure', force: true, ...WHY })).toMatchObject({ stored: 'primary' });
    expect(await order('drain', { cloud: 'azure', for: '2h', ...WHY })).toMatchObject({ stored: 'primary' });
  });

  test('what the fleet has no room for', async () => {
    const set = async () => Promise.reject(new RangeError('10000 records at most'));
    const full = overrideOrders({
      topology: () => threeClouds(),
      fleet: { status: () => ({}) as never },
      shared: true,
      overrides: { inForce: [], scoped: new ScopedOverrides(), set, hasRoomFor: () => true },
    });
    const broken = new TypeError('x');
    expect(await full('drain', { cloud: 'gcp', ...WHY })).toMatchObject({
      status: 409,
      error: 'the fleet does not keep it: 10000 records at most',
    });
    const failing = overrideOrders({
      topology: () => threeClouds(),
      fleet: { status: () => ({}) as never },
      shared: true,
      overrides: {
        inForce: [],
        scoped: new ScopedOverrides(),
        set: async () => Promise.reject(broken),
        hasRoomFor: () => true,
      },
    });
    await expect(failing('drain', { cloud: 'gcp', ...WHY })).rejects.toBe(broken);
  });

  test('a record too many about single endpoints', async () => {
    const { order, overrides } = orders();
    const full = overrideOrders({
      topology: () => threeClouds(),
      fleet: { status: () => ({}) as never },
      shared: true,
      overrides: {
        inForce: overrides.inForce,
        scoped: overrides.scoped,
        set: overrides.set.bind(overrides),
        hasRoomFor: () => false,
      },
    });
    expect(await full('drain', { endpoint: GCP, ...WHY })).toMatchObject({
      status: 409,
      fix: expect.stringMatching(/name the cloud/) as string,
    });
    expect(await order('drain', { endpoint: GCP, ...WHY })).toMatchObject({ endpoints: 1 });
  });
});

test('a region without its cloud: the place that is meant is said', async () => {
  const { order } = orders();
  for (const [cloud, place] of [
    ['europe-west1', 'gcp/europe-west1'],
    ['US-EAST-1', 'aws/us-east-1'],
    ['eu-central-1', 'aws/eu-central-1'],
  ]) {
    expect(await order('drain', { cloud, ...WHY })).toMatchObject({
      status: 422,
      fix: `did you mean ${place}? A region is named with its cloud`,
    });
  }
  expect(await order('drain', { cloud: 'mars', ...WHY })).not.toHaveProperty('fix');
});
