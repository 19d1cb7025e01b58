import { afterEach, beforeEach, expect, test } from 'vitest';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { MonitorStage } from './monitor-stage.ts';

let stage: MonitorStage;

beforeEach(() => {
  stage = new MonitorStage();
});

afterEach(() => stage.monitor.close());

test('endpoints that services share are checked once, however many send to them', async () => {
  const endpoints = [endpointOf('a', { service: 'eu' }), endpointOf('b', { service: 'eu' })];
  const { health, breakers, timeouts, tls, ...rest } = serviceOf(endpoints);
  const eu = { name: 'eu', health, breakers, timeouts, tls };
  const using = (name: string) => ({ ...rest, health, breakers, timeouts, tls, name, backends: [eu] });
  stage.load({ ...topologyOf(using('shop'), using('blog')), backends: [{ ...eu, endpoints }] });
  await stage.time.pass(11_000);
  expect(stage.atOf('a').length).toBe(2);
  expect(stage.opened).toBe(2);
  expect(stage.names).toEqual(new Set(['eu']));
  // Both services have started: all that they send to has been checked.
  expect([...stage.table.live.starting].slice(0, 3)).toEqual([0, 0, 0]);
});

test('an endpoint that goes by the name of a backend from now on is still the one that is known', async () => {
  stage.down.add('a');
  stage.load(topologyOf(serviceOf([endpointOf('a')])));
  await stage.time.pass(750);
  const row = stage.placement.rows['shop/aws/us-east-1/a:80'] as number;
  const endpoints = [endpointOf('a', { service: 'eu' })];
  const { health, breakers, timeouts, tls, ...rest } = serviceOf(endpoints);
  const eu = { name: 'eu', health, breakers, timeouts, tls };
  stage.load({
    ...topologyOf({ ...rest, health, breakers, timeouts, tls, backends: [eu] }),
    backends: [{ ...eu, endpoints }],
  });
  expect(stage.placement.rows['eu/aws/us-east-1/a:80']).toBe(row);
  expect(stage.table.live.state[row]).toBe(HEALTH_STATE.unhealthy);
  stage.down.delete('a');
  await stage.time.pass(25_000);
  expect(stage.time.events.at(-1)).toMatchObject({ endpoint: 'eu/aws/us-east-1/a:80', from: 'unhealthy' });
});
