import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, runToEnd, temporaryFolder } from '../support/process.ts';

/*
 * The package as a stranger has it: packed, installed into an empty prefix with nothing to fetch, and used from an empty folder. With
 * MERIDIAN_NODES (paths of runtimes, with colons between) by these too: `npx --yes --package node@24 -- node -p process.execPath`.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const exec = promisify(execFile);
const RUNTIMES = [process.execPath, ...(process.env['MERIDIAN_NODES'] ?? '').split(delimiter).filter(Boolean)];
/** As little of the surroundings as npm and the command need. */
const ENV = { PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`, npm_config_offline: 'true' };

const stage = mkdtempSync(join(tmpdir(), 'meridian-package-'));
const prefix = join(stage, 'prefix');

beforeAll(async () => {
  for (const part of ['package.json', 'config', 'CHANGELOG.md', 'LICENSE', 'README.md'])
    cpSync(join(ROOT, part), join(stage, part), { recursive: true });
  await exec(process.execPath, [join(ROOT, '.ci', 'bundle.ts'), '--to', join(stage, 'dist')]);
  await exec('npm', ['pack', '--ignore-scripts'], { cwd: stage, env: { ...process.env, ...ENV } });
  const tarball = readdirSync(stage).find((name) => name.endsWith('.tgz')) as string;
  const cache = join(stage, 'cache');
  const args = ['install', '--global', '--prefix', prefix, '--cache', cache, '--no-audit', join(stage, tarball)];
  await exec('npm', args, { env: { ...process.env, ...ENV } });
}, 120_000);

afterAll(() => rmSync(stage, { recursive: true, force: true }));

const installed = join(prefix, 'lib', 'node_modules', 'meridian', 'dist', 'main.js');

test('it is one package, with the licences of what is in it', async () => {
  expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual(['meridian']);
  expect(readdirSync(join(dirname(installed), '..'))).not.toContain('node_modules');
  expect(readdirSync(dirname(installed))).toEqual(expect.arrayContaining(['LIBRARIES.txt', 'chunks', 'main.js']));
  const { stdout } = await exec(join(prefix, 'bin', 'meridian'), ['--version'], { env: { ...process.env, ...ENV } });
  expect(stdout).toMatch(/^meridian \d+\.\d+\.\d+/);
});

test.each(RUNTIMES)(
  'from an empty folder to the first answer in three commands: %s',
  { timeout: 60_000 },
  async (node) => {
    const folder = temporaryFolder().path;
    const { port } = await startOrigin('hello');
    const at = { cwd: folder, node };
    const listen = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const init = ['init', ...listen, '--endpoint', `aws/us-east-1=http://127.0.0.1:${port}`];
    expect(await runToEnd(init, {}, installed, at)).toMatchObject({ code: 0 });
    expect(await runToEnd(['validate', 'meridian.yaml'], {}, installed, at)).toMatchObject({ code: 0 });
    const edge = run(['start', '-c', 'meridian.yaml'], {}, installed, at);
    const [, client, admin] = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
    expect(await ask(Number(client))).toMatchObject({ status: 200, body: 'hello' });
    const env = { MERIDIAN_ADMIN_LISTEN: `127.0.0.1:${admin}` };
    for (const command of [
      ['status'],
      ['top', '--for', '1s'],
      ['explain', '--live', '--client-ip', '133.11.0.1'],
      ['alerts'],
    ]) {
      expect(await runToEnd(command, env, installed, at)).toMatchObject({ code: 0, err: '' });
    }
    expect((await ask(Number(admin), { path: '/metrics' })).body).toContain('requests_total{');
    edge.child.kill('SIGTERM');
    expect(await edge.exit).toEqual({ code: 0, signal: null });
  },
);
