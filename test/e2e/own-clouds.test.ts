import { expect, test, vi } from 'vitest';
import { cloudNumber } from '../../src/table/cloud-numbers.ts';
import { cloudBreakerIndex, HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { running } from '../support/running.ts';

// A data centre of one's own and another provider are clouds like the three, in all that a running edge does with clouds.

const REGIONS =
  '{ regions: { paris-dc1: { lat: 48.93, lon: 2.36, country: FR }, lyon-dc2: { lat: 45.76, lon: 4.84, country: FR } } }';

type Options = { readonly clouds?: string; readonly service?: string; readonly top?: string };

function yaml(
  ports: readonly number[],
  { clouds = `{ onprem: ${REGIONS}, oci: {} }`, service = '', top = '' }: Options = {},
): string {
  const [paris, lyon, oci, aws] = ports;
  return `version: 1
edge: { id: test, region: onprem/paris-dc1, listen: "127.0.0.1:0", workers: 1, drain: 0s, trust_proxies: [loopback] }
admin: { listen: "127.0.0.1:0", token: t }
log: { level: silent }
clouds: ${clouds}
routing: { latency_from: client }
${top}
services:
  shop:
    ${service === '' ? 'slo: {}' : service}
    endpoints:
      - { cloud: onprem, region: paris-dc1, url: "http://127.0.0.1:${paris}" }
      - { cloud: onprem, region: lyon-dc2, url: "http://127.0.0.1:${lyon}" }
      - { cloud: oci, region: eu-frankfurt-1, lat: 50.11, lon: 8.68, url: "http://127.0.0.1:${oci}" }
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${aws}" }
`;
}

const AUTHORIZED = { authorization: 'Bearer t', 'content-type': 'application/json' };

async function started(options: Options = {}) {
  const origins = await Promise.all(['paris', 'lyon', 'oci', 'aws'].map((name) => startOrigin(name)));
  const ports = origins.map(({ port }) => port);
  const meridian = await running(yaml(ports, options));
  const { table, rows } = meridian.control;
  const all = () => Object.values(rows.placement.rows);
  await vi.waitFor(() => expect(all().every((row) => table.live.state[row] === HEALTH_STATE.healthy)).toBe(true), 5000);
  const get = (headers: Record<string, string> = {}) =>
    ask(meridian.edge.port, { headers: { 'x-forwarded-for': '2.4.0.1', 'routing-priority': 'latency', ...headers } });
  const admin = async (path: string, body?: object) =>
    ask(meridian.admin.port, {
      path,
      headers: AUTHORIZED,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const breakerOf = (cloud: string) => {
    const slot = rows.placement.slots['shop'] as number;
    return table.live.cloudBreaker[cloudBreakerIndex(slot, cloudNumber(rows.placement, cloud))] as number;
  };
  return { ...meridian, origins, ports, get, admin, breakerOf };
}

const OPEN = 1;

test('a cloud of one’s own dies: its breaker opens, its order is kept, and it is named wherever that shows', async () => {
  const { origins, get, admin, events, breakerOf } = await started({
    service: 'routing: { failover: [aws, onprem, oci] }',
  });
  expect(['paris', 'lyon']).toContain((await get()).body);
  await Promise.all([origins[0]?.kill(), origins[1]?.kill()]);
  // Both of its endpoints fail, so it is the cloud that does; the order of the file, not the distance, says who is next.
  for (let i = 0; i < 16; i += 1) expect((await get()).body).toMatch(/^(?:aws|oci)$/);
  expect(breakerOf('onprem') & 3).toBe(OPEN);
  expect(breakerOf('oci') & 3).not.toBe(OPEN);
  const moved = events.filter((event) => event.type === 'breaker-moved' && event.scope === 'cloud');
  expect(moved[0]).toMatchObject({ service: 'shop', cloud: 'onprem', to: 'open' });
  await vi.waitFor(async () => {
    const { body } = await admin('/metrics');
    expect(body).toMatch(/^meridian_breaker_state\{[^}]*cloud="onprem"[^}]*\} [12]$/m);
    expect(body).toMatch(/^meridian_breaker_transitions_total\{scope="cloud",cloud="onprem",to="open"\} 1$/m);
    expect(body).toMatch(
      /^requests_total\{region="eu-frankfurt-1",cloud="oci",status="success"\}|^requests_total\{region="us-east-1",cloud="aws",status="success"\}/m,
    );
  }, 5000);
  const { clouds } = JSON.parse((await admin('/status')).body) as { clouds: { cloud: string; breaker: string }[] };
  expect(clouds.map(({ cloud }) => cloud)).toEqual(['aws', 'gcp', 'azure', 'onprem', 'oci']);
  expect(clouds.find(({ cloud }) => cloud === 'onprem')?.breaker).toBe('open');
});

test('a failed request goes to the next cloud of the order, though another is nearer', async () => {
  const { origins, get } = await started({ service: 'routing: { failover: [aws, oci] }' });
  await origins[0]?.kill();
  await origins[1]?.kill();
  expect((await get()).body).toBe('aws');
});

test('it is drained, fenced, weighted and experimented on by its name, and a name that nobody has is refused', async () => {
  const { get, admin } = await started({
    service: 'fence: { when: { countries: [FR] }, only: { clouds: [onprem] } }',
    top: 'chaos: { enabled: true }',
  });
  for (let i = 0; i < 6; i += 1) expect(['paris', 'lyon']).toContain((await get()).body);
  // Fenced in, so that a drain leaves nobody for this client, and others go on.
  expect((await admin('/drain', { cloud: 'onprem', reason: 'test' })).status).toBe(200);
  await vi.waitFor(async () => expect((await get()).status).toBe(451), 3000);
  expect((await get({ 'x-forwarded-for': '3.80.0.1' })).body).toBe('aws');
  expect((await admin('/undrain', { cloud: 'onprem' })).status).toBe(200);
  await vi.waitFor(async () => expect((await get()).status).toBe(200), 3000);
  const refused = await admin('/drain', { cloud: 'onprm', reason: 'test' });
  expect(refused.status).toBe(422);
  expect(refused.body).toContain(
    'cloud must be aws, gcp, azure, onprem or oci; it is \\"onprm\\"; did you mean \\"onprem\\"?',
  );
  const experiment = { name: 'x', kind: 'failure', answer: 418, radius: '100%', for: '1m' };
  expect((await admin('/chaos/start', { ...experiment, scope: { cloud: 'onprm' } })).body).toContain('did you mean');
  expect((await admin('/chaos/start', { ...experiment, scope: { cloud: 'onprem' } })).status).toBe(200);
  await vi.waitFor(async () => expect((await get()).status).toBe(418), 3000);
  expect((await get({ 'x-forwarded-for': '3.80.0.1' })).body).toBe('aws');
});

test('explain names it, with the way to the place that the file gives', async () => {
  const { admin } = await started();
  const said = JSON.parse((await admin('/explain?client_ip=2.4.0.1')).body) as {
    decision: { candidates: { cloud: string; region: string; rttMs: number; factors: { diversity: number } }[] };
  };
  const paris = said.decision.candidates.find(({ region }) => region === 'paris-dc1');
  const frankfurt = said.decision.candidates.find(({ cloud }) => cloud === 'oci');
  expect(paris).toMatchObject({ cloud: 'onprem' });
  expect((frankfurt?.rttMs ?? 0) - (paris?.rttMs ?? 0)).toBeGreaterThan(3);
});

test('over a reload a cloud keeps its breaker wherever the file puts it; one that went and came back starts anew', async () => {
  const { origins, ports, get, events, write, breakerOf, control } = await started();
  await Promise.all([origins[0]?.kill(), origins[1]?.kill()]);
  for (let i = 0; i < 16; i += 1) await get();
  const open = breakerOf('onprem');
  expect(open & 3).toBe(OPEN);
  const reloaded = (count: number) =>
    vi.waitFor(() => expect(events.filter(({ type }) => type === 'reloaded')).toHaveLength(count), 5000);
  write(yaml(ports, { clouds: `{ new: {}, oci: {}, onprem: ${REGIONS} }` }));
  await reloaded(1);
  expect(control.current.topology.clouds.slice(3)).toEqual(['new', 'oci', 'onprem']);
  expect([breakerOf('onprem'), breakerOf('new') & 3, breakerOf('oci') & 3]).toEqual([open, 0, 0]);
  const renamed = yaml(ports, { clouds: `{ dc: ${REGIONS}, oci: {} }` }).replaceAll('onprem', 'dc');
  write(renamed);
  await reloaded(2);
  expect(breakerOf('dc') & 3).toBe(0);
  write(yaml(ports));
  await reloaded(3);
  expect(breakerOf('onprem') & 3).toBe(0);
});
