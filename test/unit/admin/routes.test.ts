import { expect, test } from 'vitest';
import type { AdminPorts } from '../../../src/admin/ports.ts';
import { ROUTES } from '../../../src/admin/routes.ts';
import { portsWith } from './ports-double.ts';

function ask(method: string, path: string, ports: Partial<AdminPorts> = {}, query: Record<string, string> = {}) {
  const route = ROUTES.find((one) => one.method === method && one.path === path);
  if (route === undefined) throw new Error(`no route ${method} ${path}`);
  return route.handle({ query, body: '' }, portsWith(ports));
}

test('the API, and who may use it', () => {
  expect(ROUTES.map(({ method, path, access }) => `${method} ${path} ${access}`)).toEqual([
    'GET /livez anybody',
    'GET /readyz anybody',
    'GET /metrics anybody',
    'GET /explain reader',
    'GET /topology reader',
    'GET /status reader',
    'GET /chaos reader',
    'POST /chaos/start operator',
    'POST /chaos/stop operator',
    'GET /fleet reader',
    'POST /drain operator',
    'POST /undrain operator',
    'POST /weight operator',
    'POST /capacity operator',
    'GET /fleet/values reader',
    'GET /fleet/values/* reader',
    'PUT /fleet/values/* operator',
    'DELETE /fleet/values/* operator',
    'GET /alerts reader',
    'GET /slo reader',
    'POST /cache/purge operator',
    'POST /reload operator',
  ]);
  expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
  expect(ROUTES.filter(({ method, access }) => method !== 'GET' && access !== 'operator')).toEqual([]);
});

test('being alive is a question of its own', async () => {
  const readiness = () => ({ ready: false, checks: [] });
  expect(await ask('GET', '/livez', { readiness })).toMatchObject({ status: 200, body: 'ok' });
  expect(await ask('GET', '/livez', { live: () => false })).toMatchObject({ status: 503 });
  expect(await ask('GET', '/readyz', { readiness })).toMatchObject({ status: 503 });
});

test('verbose is asked for by its name alone', async () => {
  expect((await ask('GET', '/readyz', {}, { verbose: '' })).body).toBe('[+]serving ok\nreadyz check passed\n');
  expect((await ask('GET', '/readyz')).body).toBe('ok');
});

test('metrics keep their content type', async () => {
  expect(await ask('GET', '/metrics')).toMatchObject({
    status: 200,
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    body: 'up 1\n',
  });
});

test('topology and status are JSON', async () => {
  expect(JSON.parse((await ask('GET', '/topology')).body)).toEqual({ services: [] });
  expect(JSON.parse((await ask('GET', '/status')).body)).toEqual({ endpoints: [] });
});

test('a reload that fails says why, with a status of the 4xx', async () => {
  const problems = ['m.yaml:3:5 edge.id: too long'];
  const reply = await ask('POST', '/reload', { reload: async () => ({ ok: false, problems }) });
  expect(reply.status).toBe(422);
  expect(JSON.parse(reply.body)).toEqual({
    error: 'the file has problems',
    fix: expect.any(String) as string,
    problems,
  });
  expect(await ask('POST', '/reload')).toMatchObject({ status: 200 });
});
