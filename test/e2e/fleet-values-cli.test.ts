import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';

import { run, runToEnd, temporaryFolder } from '../support/process.ts';
import { freePort } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const TOKEN = 'hunter2-hunter2';

async function startEdge() {
  const port = await freePort();
  const fleet = 'fleet: { store: memory, merge: { "counters/": counter }, values: { keys: 3, rate: 20 } }';
  const admin = `admin: { listen: "127.0.0.1:${port}", token: "${TOKEN}" }\n${fleet}`;
  const edge = run(['start', '-c', temporaryFolder().write('a.yaml', threeCloudsYaml([1, 2, 3], '', admin))]);
  await edge.printed(/serving 127\.0\.0\.1/);
  const command = async (...args: string[]) => {
    const env = { MERIDIAN_ADMIN_TOKEN: TOKEN };
    const { code, out, err } = await runToEnd(['fleet', ...args, '--admin', `http://127.0.0.1:${port}`], env);
    return code === 0 ? out : `${code} ${err}`;
  };
  const http = (method: string, path: string, more: { body?: string; headers?: Record<string, string> } = {}) =>
    ask(port, { method, path, ...more, headers: { authorization: `Bearer ${TOKEN}`, ...more.headers } });
  return { edge, port, command, http };
}

test('values from the command line', { timeout: 120_000 }, async () => {
  const { edge, port, command } = await startEdge();
  const watch = run(['fleet', 'watch', 'flags/', '--admin', `http://127.0.0.1:${port}`, '--token', TOKEN]);
  expect(await command('set', 'flags/x', 'true', '--actor', 'ana')).toMatch(
    /^flags\/x is true, version "[\w-]+": on this edge only|^flags\/x is true, version "[\w-]+": the region/,
  );
  expect(await command('get', 'flags/x')).toBe('true\n');
  expect(await command('set', 'flags/greeting', 'hello there', '--if-absent')).toContain('"hello there"');
  expect(await command('get', 'flags/greeting')).toBe('hello there\n');
  expect(await command('set', 'counters/n', '--add', '3')).toMatch(/is 3/);
  expect(await command('set', 'counters/n', '--add=-1')).toMatch(/is 2/);
  const shown = JSON.parse(await command('get', 'counters/n', '--json')) as { etag: string; value: number };
  expect(shown.value).toBe(2);
  expect(await command('set', 'counters/n', '9', '--if-version', '"old"')).toMatch(
    /^1 meridian: counters\/n is not as the condition says/,
  );
  expect(await command('set', 'counters/n', '9', '--if-version', shown.etag.replaceAll('"', ''))).toMatch(/is 9/);
  expect(await command('list')).toMatch(/KEY[^\n]*\ncounters\/n +9 +eventual[^\n]*\nflags\/greeting +"hello there"/);
  expect(await command('set', 'more', '1')).toMatch(/^1 meridian: the fleet keeps 3 keys/);
  expect(await command('delete', 'flags/x', '--actor', 'ana')).toMatch(/^flags\/x is deleted/);
  expect(await command('get', 'flags/x')).toMatch(/^1 meridian: flags\/x was deleted/);
  expect(await command('get', 'a b')).toMatch(/^1 meridian: "a b" is no key/);
  expect(await command('set', 'flags/x')).toMatch(/^2 meridian: fleet set takes a key and a value/);
  expect(await command('set', 'flags/x', 'null')).toMatch(/^2 meridian: null is no value/);
  expect(await command('set', 'flags/x', '1', '--consistency', 'strong')).toMatch(
    /^1 meridian: flags\/x is kept with eventual/,
  );
  await watch.printed(/flags\/x true by ana@[^\n]*\n[^]*flags\/greeting "hello there"[^]*flags\/x deleted by ana@/);
  watch.child.kill('SIGTERM');
  await edge.printed(/the value flags\/x was deleted, by ana/);
  expect(edge.out() + edge.err()).not.toContain('hello there');
  expect(await command('watch', 'flags/', '--for', '100ms')).toMatch(/flags\/greeting/);
});

test('values on the admin port: versions, methods, and who may', { timeout: 120_000 }, async () => {
  const { port, http } = await startEdge();
  const put = await http('PUT', '/fleet/values/flags/x?actor=ana', { body: 'true' });
  expect([put.status, put.headers['etag']]).toEqual([200, (JSON.parse(put.body) as { etag: string }).etag]);
  const get = await http('GET', '/fleet/values/flags/x');
  expect(get.headers['etag']).toBe(put.headers['etag']);
  expect((await http('PUT', '/fleet/values/flags/x', { body: '1', headers: { 'if-none-match': '*' } })).status).toBe(
    412,
  );
  const ifMatch = { 'if-match': String(put.headers['etag']) };
  expect((await http('PUT', '/fleet/values/flags/x', { body: '1', headers: ifMatch })).status).toBe(200);
  expect((await http('DELETE', '/fleet/values/flags/x', { headers: ifMatch })).status).toBe(412);
  expect((await http('POST', '/fleet/values/flags/x', { body: '1' })).status).toBe(405);
  expect((await http('PUT', '/fleet/values', { body: '1' })).status).toBe(405);
  expect((await http('PUT', '/fleet/values/x', { body: JSON.stringify('x'.repeat(9000)) })).status).toBe(422);
  expect((await http('GET', '/fleet/values/flags/none')).status).toBe(404);
  const { cursor } = JSON.parse((await http('GET', '/fleet/values')).body) as { cursor: string };
  const watch = http('GET', `/fleet/values?after=${cursor}&wait=20s`);
  expect((await http('PUT', '/fleet/values/flags/y', { body: '"on"' })).status).toBe(200);
  expect(JSON.parse((await watch).body)).toMatchObject({ values: [{ key: 'flags/y', value: 'on' }] });
  const many = await Promise.all(Array.from({ length: 40 }, () => http('PUT', '/fleet/values/flags/y', { body: '1' })));
  const limited = many.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(5);
  expect(limited[0]?.headers['retry-after']).toBe('1');
  for (const [method, path] of [
    ['GET', '/fleet/values'],
    ['GET', '/fleet/values/flags/x'],
    ['PUT', '/fleet/values/flags/x'],
    ['DELETE', '/fleet/values/flags/x'],
  ] as const) {
    expect((await ask(port, { method, path, ...(method === 'PUT' ? { body: '1' } : {}) })).status).toBe(401);
  }
  const metrics = (await http('GET', '/metrics')).body;
  expect(metrics).toMatch(/meridian_fleet_values\{state="live"\} 2/);
  expect(metrics).toMatch(/meridian_fleet_value_writes_total\{consistency="eventual",result="conflict"\} 2/);
  expect(metrics).toMatch(/meridian_fleet_values_bytes \d+/);
});
