import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { dashboardQueries } from '../support/dashboard.ts';
import { startOrigin } from '../support/origin.ts';
import { PEBBLE_PROGRAMS, startPebble, steadyPort } from '../support/pebble.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks, startPrometheus } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';
import { scratch } from '../support/scratch.ts';
import { type Issued, issue } from '../support/x509.ts';

const HERE = '127.0.0.1';

/** As Grafana fills in what it knows itself. */
const filled = (expr: string) =>
  expr.replaceAll('$__rate_interval', '20s').replaceAll('$__range', '60s').replaceAll('$service', '.+');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Ports = { readonly http: number; readonly https: number; readonly plain: number; readonly tls: number };

/** An edge with everything that a panel is about: a fleet, a certificate of its own, two backends that report, limits, a mirror, a ladder … */
function everything(
  ports: Ports,
  files: Readonly<Record<'pair' | 'authority' | 'directory' | 'ca' | 'acme', string>>,
  redis: readonly string[],
) {
  const { http, https, plain, tls } = ports;
  const endpoint = (place: string) => `{ ${place}, url: "http://${HERE}:${plain}" }`;
  return `version: 1
edge:
  id: test
  region: aws/us-east-1
  listeners:
    - { listen: "${HERE}:${http}", name: plain }
    - listen: "${HERE}:${https}"
      name: tls
      tls:
        ${files.pair.replace(', ', '\n        ')}
        acme: { domains: [own.test], agree_to_terms: true, directory: "${files.directory}", directory_ca: ${files.ca}, folder: ${files.acme}, challenges: [http-01] }
admin: { listen: "${HERE}:0" }
health: { interval: 200ms, timeout: 150ms }
log: { access: false }
timeouts: { connection_age: 2s }
alerts: { interval: 1s, sinks: { webhook: { url: "http://${HERE}:${plain}/hook" } } }
chaos:
  enabled: true
  experiments:
    a-little: { kind: latency, delay: 5ms, radius: 50%, scope: { service: kept }, for: 1h, autostart: true }
    brief: { kind: latency, delay: 1ms, radius: 1%, scope: { service: kept }, for: 1s, autostart: true }
fleet:
  store: redis
  region: us-east-1
  regions: { us-east-1: { url: "${redis[0]}" }, europe-west1: { url: "${redis[1]}" }, japaneast: { url: "${redis[2]}" } }
  consistency: { "locks/": strong }
services:
  shop:
    match: { hosts: [shop.test] }
    routing: { select: optimal, load: reported, in_flight_max: learned }
    fence: { when: { countries: [CH] }, only: { clouds: [gcp] } }
    limits: { requests: 1000/s, over: fleet, per_client: { requests: 100/s } }
    hedge: { after: p95 }
    shed: { order: [latency, balanced] }
    mirror: { to: kept, share: 50% }
    sticky: { by: cookie, secrets: ["0123456789abcdef0123456789abcdef"] }
    endpoints:
      - ${endpoint('cloud: aws, region: us-east-1')}
      - ${endpoint('cloud: gcp, region: europe-west1')}
      - ${endpoint('cloud: azure, region: japaneast')}
  kept:
    match: { hosts: [kept.test] }
    degraded: { cache: { fresh_for: 1m } }
    tls: { ca: ${files.authority} }
    endpoints: [{ cloud: aws, region: us-east-1, url: "https://localhost:${tls}" }]
  failing:
    match: { hosts: [failing.test] }
    breakers: { open_for: 1s }
    endpoints: [{ cloud: aws, region: us-west-2, url: "http://${HERE}:${plain}/bad" }]
`;
}

/** An origin with a certificate; its port. */
async function overTls({ cert, key }: Issued, answer: Answer): Promise<number> {
  const server = createServer({ cert, key }, answer);
  await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test.skipIf(lacks('prometheus', 'redis-server', ...PEBBLE_PROGRAMS))(
  'no panel is empty when a real Prometheus scrapes an edge that has traffic',
  { timeout: 180_000 },
  async () => {
    let times = 0;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('endpoint-load-metrics', 'TEXT application_utilization=0.4');
      // Every second answer fails: a copy of the one before is served in its place.
      const fails = request.url === '/bad/now' || (request.url === '/sometimes' && (times += 1) % 2 === 0);
      response.statusCode = fails ? 500 : 200;
      response.end('x');
    };
    const plain = await startOrigin('x', answer);
    const authority = issue({ subject: 'authority', ca: true });
    const secure = await overTls(issue({ names: ['localhost'], by: authority }), answer);
    // Before the ports that are only looked for: what listens already is not found again.
    const stores = await Promise.all([startRedis(), startRedis(), startRedis()]);
    const [http, https] = [await steadyPort(), await steadyPort()];
    const pebble = await startPebble({ httpPort: http, tlsPort: https });
    const folder = temporaryFolder();
    const pair = scratch().writePair('c', issue({ names: ['shop.test'] }));
    const files = {
      pair,
      authority: folder.write('ca.pem', authority.cert),
      directory: pebble.directory,
      ca: pebble.ca,
      acme: `${folder.path}/acme`,
    };
    const yaml = everything(
      { http, https, plain: plain.port, tls: secure },
      files,
      stores.map(({ url }) => url),
    );
    const edge = run(['start', '-c', folder.write('m.yaml', yaml)]);
    const admin = Number((await edge.printed(/admin on 127\.0\.0\.1:(\d+)/))[1]);
    const config = folder.write(
      'prometheus.yml',
      `global: { scrape_interval: 1s, scrape_timeout: 900ms }
scrape_configs: [{ job_name: meridian, static_configs: [{ targets: ["${HERE}:${admin}"] }] }]
`,
    );
    const prometheus = await startPrometheus(config, folder.path);
    const order = (method: string, path: string, body: object | string) =>
      ask(admin, { method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    await order('PUT', '/fleet/values/locks/a', 'mine');
    await order('POST', '/drain', { cloud: 'azure', region: 'japaneast', for: '1h', reason: 'a test' });
    /** How many series there are, those without a number left out. */
    const found = async (expr: string) => {
      const path = `/api/v1/query?query=${encodeURIComponent(filled(expr))}`;
      const { data, status } = JSON.parse((await ask(prometheus, { path })).body) as {
        status: string;
        data?: { result: { value: [0, string] }[] };
      };
      expect([expr, status]).toEqual([expr, 'success']);
      return (data?.result ?? []).filter(({ value: [, value] }) => value !== 'NaN').length;
    };
    // Connections are made once and endings come once, so each query has to be answered at some time, not all at one.
    const left = new Set(dashboardQueries());
    await vi.waitFor(
      async () => {
        const asked = [
          ...Array<string>(20).fill('shop.test/'),
          'kept.test/sometimes',
          'failing.test/now',
          'nobody.test/',
        ];
        for (const one of [...asked, 'kept.test/sometimes']) {
          const [host = '', path = ''] = one.split('/');
          await ask(http, { path: `/${path}`, headers: { host } });
        }
        for (const query of left) if ((await found(query.expr)) > 0) left.delete(query);
        expect([...left].map(({ title, expr }) => `${title}: ${expr}`)).toEqual([]);
      },
      { timeout: 120_000, interval: 500 },
    );
  },
);
