import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
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
  for (const part of ['package.json', 'config', 'node_modules']) symlinkSync(join(ROOT, part), join(home, part));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(home, 'dist')];
  await promisify(execFile)(process.execPath, args);
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
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
});

test('a file that is not good ends the threads that were started for it', async () => {
  const { code, err } = await runToEnd(['start', '-c', temporaryFolder().write('bad.yaml', 'version: 2\n')], {}, main);
  expect(code).toBe(1);
  expect(err).toContain('the configuration is not good');
});
