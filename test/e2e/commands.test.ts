import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { type Env, run, runToEnd, temporaryFolder } from '../support/process.ts';
import { freePort } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const DEGRADED = '    match: { hosts: [shop.example.com] }\n    degraded: { cache: { fresh_for: 1m } }';

/** A running edge with three endpoints, and how to run a command that asks it. */
async function edge(top = '') {
  const { port } = await startOrigin('hello');
  const admin = await freePort();
  const folder = temporaryFolder();
  const yaml = threeCloudsYaml([port, port, port], DEGRADED, `admin: { listen: "127.0.0.1:${admin}" }\n${top}`);
  const file = folder.write('meridian.yaml', yaml);
  const running = run(['start', '-c', file]);
  await running.printed(/serving/);
  const env: Env = { MERIDIAN_ADMIN_URL: `http://127.0.0.1:${admin}` };
  const ask = (...args: string[]) => runToEnd(args, env);
  return { ask, admin, file, yaml, folder, running, env };
}

test('status, top and alerts: found by the environment, by --admin and by the file', async () => {
  const { ask, admin, file, env } = await edge();
  const status = await ask('status');
  expect(status).toMatchObject({ code: 0, err: '' });
  expect(status.out).toMatch(/^edge test[^\n]*: ready; \d of 3 endpoints healthy\n/);
  // One line of the table each; those that have not been checked yet have a line with the reason below it.
  expect(status.out.match(/^shop\/\S+[^:\s] /gm)).toHaveLength(3);
  expect(status.out).not.toContain('\u001B');
  const json = JSON.parse((await runToEnd(['status', '--json', '-c', file])).out) as { endpoints: unknown[] };
  expect(json).toMatchObject({ edge: { id: 'test' }, ready: true });
  expect(json.endpoints).toHaveLength(3);
  const wrong = await runToEnd(['status', '--service', 'web', '--json', '--admin', `http://127.0.0.1:${admin}`]);
  expect([wrong.code, JSON.parse(wrong.err)]).toEqual([1, { error: 'no service "web"; there are: shop' }]);
  expect((await ask('alerts')).out).toBe('Nothing to alert on.\n');
  const top = run(['top', '--for', '1s'], env);
  expect(await top.exit).toMatchObject({ code: 0 });
  expect(top.out().trim().split('\n')).toHaveLength(2);
  expect(top.out()).toMatch(/ 0s {2}0\/s, 0\.0 errors\/s \| \d of 3 endpoints healthy/);
});

test('chaos: what runs is listed, started, refused and stopped', async () => {
  const { ask } = await edge('chaos: { enabled: true }');
  expect((await ask('chaos', 'list')).out).toBe('No experiment runs.\n');
  const options = ['--kind', 'failure', '--answer', '503', '--error-rate', '50%', '--radius', '1%', '--cloud', 'gcp'];
  const started = await ask('chaos', 'start', 'fail-gcp', ...options, '--for', '2m');
  expect(started.out).toMatch(/^fail-gcp +failure 503 for 50 % +1 % +cloud gcp +\d+ s +this edge$/m);
  const unknown = await ask('chaos', 'start', 'nothing');
  expect([unknown.code, unknown.out]).toEqual([1, '']);
  expect(unknown.err).toMatch(/^meridian: there is no experiment nothing\ngive its kind and radius too/);
  const refused = await ask('chaos', 'start', 'x', '--kind', 'slow', '--json');
  expect(refused.err).toMatch(/^\{"error":"the experiment is not good[^\n]*"problems":\["kind [^\n]*\}\n$/);
  expect((await ask('chaos', 'stop')).err).toContain('chaos stop takes one name, or --all');
  const stopped = await ask('chaos', 'stop', '--all', '--json');
  expect(JSON.parse(stopped.out)).toMatchObject({
    running: [],
    ended: [{ experiment: 'fail-gcp', reason: 'operator' }],
  });
});

test('reload: a good file is in force; a bad one is a failure with its problems', async () => {
  const { ask, folder, yaml } = await edge();
  expect(await ask('reload')).toEqual({ code: 0, out: 'The file is in force.\n', err: '' });
  folder.write('meridian.yaml', `${yaml}nonsense: 1\n`);
  const bad = await ask('reload');
  expect([bad.code, bad.out]).toEqual([1, '']);
  expect(bad.err).toMatch(/^meridian: the file has problems:\n {2}\S+meridian\.yaml:\d+:1 nonsense/);
});

test('status says where the edge stands; what is refused comes without advice for those who call the port', async () => {
  const { ask } = await edge();
  expect((await ask('status')).out).toMatch(/^edge \S+ in aws\/us-east-1: /);
  const { err } = await ask('explain', '--live', '--client-ip', '133.11.0.1', '--service', 'shpo');
  expect(err).toBe('meridian: no service "shpo"; there are: shop\n');
});

test('purge: what, and of which service', async () => {
  const { ask } = await edge();
  expect((await ask('purge', 'shop', '--all')).out).toMatch(
    /^\d edge threads? ha(s|ve) forgotten everything of shop\.\n$/,
  );
  const url = 'https://shop.example.com/a';
  expect(JSON.parse((await ask('purge', 'shop', '--url', url, '--json')).out)).toMatchObject({ ok: true, url });
  expect((await ask('purge', 'web', '--all')).err).toMatch(
    /^meridian: there is no service "web"\nservices that keep copies: shop/,
  );
  expect(await ask('purge', 'shop')).toMatchObject({ code: 2 });
});

test('explain --url finds the service as a request does, in the file and on the edge', async () => {
  const { ask, file } = await edge();
  const at = ['explain', '--client-ip', '133.11.0.1', '--url'];
  for (const how of [['-c', file], ['--live']]) {
    expect((await ask(...at, 'https://shop.example.com/cart', ...how)).out).toMatch(/service shop, priority/);
    const none = await ask(...at, 'https://other.example.com/', ...how);
    expect(none.code).toBe(1);
    expect(none.err).toContain(
      'no service takes https://other.example.com/; a client would get a 404; there are: shop',
    );
    expect((await ask(...at, 'nonsense', ...how)).err).toContain('"nonsense" is no URL such as');
  }
  expect((await ask(...at, 'http://a/', '--service', 'shop', '-c', file)).code).toBe(2);
});

test('healthcheck: the short way and the long one say the same', async () => {
  const { admin, file, running } = await edge();
  const env: Env = { MERIDIAN_ADMIN_LISTEN: `0.0.0.0:${admin}` };
  const ways: readonly (readonly [string[], Env])[] = [
    [['healthcheck'], env],
    [['healthcheck'], { MERIDIAN_ADMIN_URL: `http://127.0.0.1:${admin}` }],
    [['healthcheck', '-c', file], {}],
    [['healthcheck', '--admin', `http://127.0.0.1:${admin}`], {}],
    [['healthcheck', '--url', `http://127.0.0.1:${admin}/readyz`], {}],
  ];
  const all = async () => Promise.all(ways.map(([args, more]) => runToEnd(args, more)));
  for (const said of await all()) expect(said).toEqual({ code: 0, out: 'ok\n', err: '' });
  running.child.kill('SIGKILL');
  await running.exit;
  const err = `meridian: http://127.0.0.1:${admin}/readyz does not answer (ECONNREFUSED)\n`;
  for (const said of await all()) expect(said).toEqual({ code: 1, out: '', err });
});

test('init: a file that is good and that nothing replaces; nothing is written that is not', async () => {
  const { path } = temporaryFolder();
  const to = `${path}/new.yaml`;
  const endpoint = [
    '--endpoint',
    'aws/us-east-1=http://127.0.0.1:9001',
    '--endpoint',
    'gcp/europe-west1=http://127.0.0.1:9002',
  ];
  const made = await runToEnd(['init', '--to', to, '--service', 'api', '--host', 'api.example.com', ...endpoint]);
  expect(made).toMatchObject({ code: 0, err: '' });
  expect((await runToEnd(['validate', to])).out).toBe(`${to}: good; 1 service, 2 endpoints\n`);
  const text = readFileSync(to, 'utf8');
  const again = await runToEnd(['init', '--to', to, ...endpoint]);
  expect(again).toMatchObject({
    code: 1,
    err: `meridian: ${to} is there already; --force replaces it, --to names another\n`,
  });
  expect(readFileSync(to, 'utf8')).toBe(text);
  const bad = await runToEnd(['init', '--to', `${path}/bad.yaml`, '--endpoint', 'aws/us-esat-1=http://a']);
  expect(bad.code).toBe(2);
  expect(bad.err).toMatch(/nothing is written\n--endpoint aws\/us-esat-1=http:\/\/a: region: [^]*us-east-1/);
  expect(existsSync(`${path}/bad.yaml`)).toBe(false);
  expect((await runToEnd(['init', '--to', `${path}/c.yaml`])).err).toContain('give each endpoint, such as --endpoint');
});

test('validate --json, version, help', async () => {
  const folder = temporaryFolder();
  const good = folder.write('good.yaml', threeCloudsYaml([1, 2, 3], '', ''));
  expect(JSON.parse((await runToEnd(['validate', '--json', good])).out)).toMatchObject({ ok: true, endpoints: 3 });
  const bad = await runToEnd(['validate', '--json', folder.write('bad.yaml', 'version: 2\n')]);
  expect(bad).toMatchObject({ code: 1, err: '' });
  expect(JSON.parse(bad.out)).toMatchObject({ ok: false, problems: [{ line: 1 }, {}] });
  expect((await runToEnd(['--version'])).out).toMatch(/^meridian \d+\.\d+\.\d+, Node \d+\.\d+\.\d+, \w+-\w+\n$/);
  expect(JSON.parse((await runToEnd(['version', '--json'])).out)).toMatchObject({ node: process.versions.node });
  expect((await runToEnd(['drain', '--help'])).out).toMatch(/^Usage: meridian drain WHERE \[options\]\n/);
  expect((await runToEnd(['help', 'chaos', 'start'])).out).toMatch(/^Usage: meridian chaos start NAME/);
  expect((await runToEnd(['chaos', '--help'])).out.match(/^Usage: /gm)).toHaveLength(3);
  expect((await runToEnd(['completion', 'csh'])).err).toContain('completion takes one shell: bash, zsh, fish');
});
