import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, runToEnd, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

// What `npm run build` makes and packages are made of, where a package would be installed: Node takes no types there.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'meridian-build-'));
const home = join(folder, 'node_modules', 'meridian');
const main = join(home, 'dist', 'main.js');

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  for (const part of ['package.json', 'config']) symlinkSync(join(ROOT, part), join(home, part));
  await promisify(execFile)(process.execPath, [join(ROOT, '.ci', 'bundle.ts'), '--to', join(home, 'dist')]);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it says how it is used, and knows a good file from a bad one', async () => {
  const help = await runToEnd(['--help'], {}, main);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('Usage: meridian <command>');
  const files = temporaryFolder();
  const good = files.write('good.yaml', threeCloudsYaml([9001, 9002, 9003], '', ''));
  expect(await runToEnd(['validate', good], {}, main)).toMatchObject({ code: 0, err: '' });
  const bad = await runToEnd(['validate', files.write('bad.yaml', 'version: 2\n')], {}, main);
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('bad.yaml:1:');
});

test('it starts its threads, serves, and ends', async () => {
  const { port } = await startOrigin('hello');
  const yaml = threeCloudsYaml([port, port, port], '', 'admin: { listen: "127.0.0.1:0" }');
  const edge = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)], {}, main);
  const [, client, admin] = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  expect(await ask(Number(client))).toMatchObject({ status: 200, body: 'hello' });
  expect((await ask(Number(admin), { path: '/livez' })).status).toBe(200);
  const env = { MERIDIAN_ADMIN_LISTEN: `127.0.0.1:${admin}` };
  expect(await runToEnd(['healthcheck'], env, main)).toEqual({ code: 0, out: 'ok\n', err: '' });
  expect((await runToEnd(['status'], env, main)).out).toMatch(/^edge test[^\n]*: ready/);
  expect((await runToEnd(['explain', '--live', '--client-ip', '133.11.0.1'], env, main)).out).toContain('JP');
  expect((await runToEnd(['reload'], env, main)).code).toBe(0);
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
});

/** The file, and all that are loaded with it. */
function loadedWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(home, 'dist', 'chunks', file), 'utf8');
  for (const [, next = ''] of text.matchAll(/^(?:import|export) [^;]*?from "\.\/([^"]+)"|^import "\.\/([^"]+)"/gm))
    loadedWith(next, found);
  return found;
}

test('each thread holds little of it', () => {
  const chunks = join(home, 'dist', 'chunks');
  const beyond = readdirSync(chunks).filter((file) => /[^\0-\x7F]/.test(readFileSync(join(chunks, file), 'utf8')));
  expect(beyond, 'with characters that make V8 take two bytes for each of the file').toEqual([]);
  const files = [...loadedWith('edge-thread.js')];
  expect(files).toContain('fastify.js');
  expect(files).not.toContain('undici.js');
  const bytes = files.reduce((sum, file) => sum + statSync(join(chunks, file)).size, 0);
  expect(bytes).toBeLessThan(1.6 * 1024 * 1024);
});

test('a health check is the entry alone, also when a file says which edge to ask', { timeout: 30_000 }, async () => {
  const alone = temporaryFolder();
  const entry = alone.write('main.mjs', readFileSync(main, 'utf8'));
  const { port } = await startOrigin('x', (_, response) => response.end('ok\n'));
  const file = alone.write('a.yaml', `version: 1\nadmin: { listen: "\${AT:-127.0.0.1:${port}}" }\n`);
  for (const words of [['-c', file], ['--config', file], [`--config=${file}`]])
    expect(await runToEnd(['healthcheck', ...words], {}, entry)).toEqual({ code: 0, out: 'ok\n', err: '' });
  // What is not plain takes more than is there.
  expect((await runToEnd(['healthcheck', '-c', alone.write('b.yaml', 'admin: {}\n')], {}, entry)).code).not.toBe(0);
});

test('a file that is not good ends the threads that were started for it', async () => {
  const { code, err } = await runToEnd(['start', '-c', temporaryFolder().write('bad.yaml', 'version: 2\n')], {}, main);
  expect(code).toBe(1);
  expect(err).toContain('the configuration is not good');
});

test('on a runtime that is too old it says so in one line, and exits 1', async () => {
  const old = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`;
  const { code, err } = await runToEnd(
    ['--help'],
    { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}` },
    main,
  );
  expect(code).toBe(1);
  expect(err).toMatch(
    /^meridian: this needs Node 22\.13 or newer and runs on 20\.19\.0 \(.*\); install a newer one from [^\n]*\n$/,
  );
});

test('its entry and what that imports can be read by runtimes that are too old for the rest', () => {
  for (const file of ['main.js', join('chunks', 'lean-http.js')]) {
    const text = readFileSync(join(home, 'dist', file), 'utf8');
    // As of Node 12.17: no top-level await, optional chaining with calls, nullish assignment or class fields.
    expect(text).not.toMatch(/^await |\?\?=|\|\|=|&&=|#\w+|\busing /m);
    const olds = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path));
    for (const old of olds) execFileSync(old, ['--check', join(home, 'dist', file)]);
  }
});
