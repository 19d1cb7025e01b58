import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks } from '../support/programs.ts';
import { threeCloudsYaml, withoutWire } from '../support/rig.ts';
import { parseExposition, valueAt } from '../unit/observe/exposition.ts';

const TOP = 'admin: { listen: "127.0.0.1:0" }\nhealth: { interval: 200ms, timeout: 150ms }';
const SHOP = { service: 'shop' };
const SOON = { timeout: 10_000, interval: 100 };

/** A running edge before an origin that answers with 10 bytes. */
async function start(how: (yaml: string) => string = (yaml) => yaml, extra = '') {
  const origin = await startOrigin('x', (request, response) => {
    response.statusCode = request.url === '/bad' ? 404 : 200;
    response.end('0123456789');
  });
  const yaml = threeCloudsYaml([origin.port, origin.port, origin.port], extra, TOP);
  const edge = run(['start', '-c', temporaryFolder().write('a.yaml', how(yaml))]);
  const port = Number((await edge.printed(/serving 127\.0\.0\.1:(\d+)/))[1]);
  const admin = Number((await edge.printed(/admin on 127\.0\.0\.1:(\d+)/))[1]);
  const scrape = async () => parseExposition((await ask(admin, { path: '/metrics' })).body);
  return { port, admin, scrape };
}

test.each([
  ['the wire engine', (yaml: string) => yaml],
  ['the general engine', withoutWire],
])('what a service gets and gives is counted alike: %s', { timeout: 30_000 }, async (_, how) => {
  const { port, scrape } = await start(how);
  await ask(port, { path: '/' });
  await ask(port, { path: '/bad' });
  await ask(port, { path: '/', method: 'POST', body: 'abcde' });
  const seen = await vi.waitFor(async () => {
    const now = await scrape();
    expect(valueAt(now, 'meridian_requests_total', { ...SHOP, status_class: '2xx' })).toBe(2);
    return now;
  }, SOON);
  expect(valueAt(seen, 'meridian_requests_total', { ...SHOP, status_class: '4xx' })).toBe(1);
  expect(valueAt(seen, 'meridian_request_duration_seconds_count', SHOP)).toBe(3);
  expect(valueAt(seen, 'meridian_upstream_first_byte_seconds_count', SHOP)).toBe(3);
  expect(valueAt(seen, 'meridian_upstream_connect_seconds_count', SHOP)).toBeGreaterThan(0);
  expect(valueAt(seen, 'meridian_upstream_tls_seconds_count', SHOP)).toBe(0);
  expect(valueAt(seen, 'meridian_request_body_bytes_total', SHOP)).toBe(5);
  expect(valueAt(seen, 'meridian_response_body_bytes_total', SHOP)).toBe(30);
  expect(valueAt(seen, 'meridian_client_requests_total', { country: 'US' })).toBe(3);
  expect(valueAt(seen, 'meridian_checks_total', { ...SHOP, result: 'good' })).toBeGreaterThan(0);
  expect(valueAt(seen, 'meridian_connections', { state: 'active', protocol: 'http/1' })).toBe(0);
});

test('a hand-over is counted for the service that wants the general engine', { timeout: 30_000 }, async () => {
  const { port, scrape } = await start((yaml) => yaml, '    degraded: { cache: { fresh_for: 1m } }');
  await ask(port, { path: '/' });
  await vi.waitFor(async () => expect(valueAt(await scrape(), 'meridian_handovers_total', SHOP)).toBe(1), SOON);
  expect(valueAt(await scrape(), 'meridian_cache_writable', SHOP)).toBe(1);
  await vi.waitFor(async () => expect(valueAt(await scrape(), 'meridian_cache_entries', SHOP)).toBe(1), SOON);
});

test('who asks for OpenMetrics gets it, packed, with a request of each bucket', { timeout: 30_000 }, async () => {
  const { port, admin, scrape } = await start();
  const { headers } = await ask(port, { path: '/' });
  await vi.waitFor(
    async () => expect(valueAt(await scrape(), 'meridian_requests_total', { ...SHOP, status_class: '2xx' })).toBe(1),
    SOON,
  );
  const accept = 'application/openmetrics-text;version=1.0.0';
  const answer = await fetch(`http://127.0.0.1:${admin}/metrics`, {
    headers: { accept, 'accept-encoding': 'identity' },
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
  const text = await answer.text();
  expect(text).toMatch(/^# TYPE meridian_requests counter$/m);
  expect(text).toMatch(/^meridian_requests_total\{service="shop",status_class="2xx"\} 1$/m);
  expect(text).toMatch(/^# TYPE meridian_process_cpu_seconds counter$/m);
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  const exemplar = new RegExp(
    `^meridian_request_duration_seconds_bucket\\{.*\\} 1 # \\{request_id="${String(headers['x-request-id'])}"\\} (\\S+) (\\S+)$`,
    'm',
  ).exec(text);
  expect(Number(exemplar?.[1])).toBeGreaterThan(0);
  expect(Math.abs(Number(exemplar?.[2]) * 1000 - Date.now())).toBeLessThan(20_000);
  const packed = await ask(admin, { path: '/metrics', headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(Buffer.from(packed.body, 'latin1')).toString()).toContain('meridian_build_info');
});

test.skipIf(lacks('promtool'))('promtool finds nothing to say about a live edge', { timeout: 30_000 }, async () => {
  const { port, admin } = await start((yaml) => yaml, '    degraded: { cache: { fresh_for: 1m } }');
  await ask(port, { path: '/' });
  const { body: input } = await ask(admin, { path: '/metrics' });
  expect(execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8', stdio: 'pipe' })).toBe('');
});
