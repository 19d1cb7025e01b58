import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, runToEnd, temporaryFolder } from '../support/process.ts';
import { deadLinks } from '../tidy/links.ts';

/*
 * The package as a stranger has it: packed, installed into an empty prefix with nothing to fetch, and used from an empty folder. With
 * MERIDIAN_NODES (paths of runtimes, with colons between, as `.ci/run` sets it) by these too; those that are too old say so.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const exec = promisify(execFile);
const GIVEN = [process.execPath, ...(process.env['MERIDIAN_NODES'] ?? '').split(delimiter).filter(Boolean)].map(
  (node) => ({ node, version: execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim() }),
);
const isGood = ({ version }: (typeof GIVEN)[number]) => Number.parseInt(version, 10) >= 22;
/** A person who types slowly takes this long for four commands; the machine is to take no longer. */
const NEWCOMER_MS_MAX = 60_000;

const stage = mkdtempSync(join(tmpdir(), 'meridian-package-'));
let tarball = '';

beforeAll(async () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: readonly string[] };
  for (const part of ['package.json', 'LICENSE', 'README.md', ...files.filter((name) => name !== 'dist')])
    cpSync(join(ROOT, part), join(stage, part), { recursive: true });
  await exec(process.execPath, [join(ROOT, '.ci', 'bundle.ts'), '--to', join(stage, 'dist')]);
  await exec('npm', ['pack', '--ignore-scripts'], { cwd: stage, env: envOf(process.execPath) });
  tarball = join(stage, readdirSync(stage).find((name) => name.endsWith('.tgz')) as string);
}, 120_000);

afterAll(() => rmSync(stage, { recursive: true, force: true }));

/** Where this runtime is the only `node`, and nothing can be fetched. */
function envOf(node: string): NodeJS.ProcessEnv {
  const path = `${dirname(node)}${delimiter}${process.env['PATH']}`;
  return { ...process.env, PATH: path, npm_config_offline: 'true', npm_config_engine_strict: 'false' };
}

/** `npm install --global`, as that runtime does it; the prefix that it went to. */
async function install(node: string, version: string): Promise<string> {
  const prefix = join(stage, `prefix-${version}`);
  const own = ['--prefix', prefix, '--cache', join(stage, 'cache'), '--no-audit'];
  await exec('npm', ['install', '--global', ...own, tarball], { env: envOf(node) });
  return prefix;
}

const mainIn = (prefix: string) => join(prefix, 'lib', 'node_modules', 'meridian', 'dist', 'main.js');

test('every page comes along: links of the README lead somewhere, and --help says where they are', {
  timeout: 60_000,
}, async () => {
  const prefix = await install(process.execPath, 'pages');
  const root = join(dirname(mainIn(prefix)), '..');
  expect(deadLinks(root, 'README.md')).toEqual([]);
  expect(deadLinks(root, 'docs/README.md')).toEqual([]);
  const { out } = await runToEnd(['--help'], {}, mainIn(prefix));
  expect(out).toContain(`Every page: ${join(root, 'docs', 'README.md')}\n`);
  // docs/install.md says about 5.5 MB.
  expect(statSync(tarball).size / 1e6).toBeCloseTo(5.5, 0);
});

test('it is one package, with the licences of what is in it', { timeout: 60_000 }, async () => {
  const prefix = await install(process.execPath, 'any');
  const main = mainIn(prefix);
  expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual(['meridian']);
  expect(readdirSync(join(dirname(main), '..'))).not.toContain('node_modules');
  expect(readdirSync(dirname(main))).toEqual(expect.arrayContaining(['LIBRARIES.txt', 'chunks', 'main.js']));
});

test.each(GIVEN.filter(isGood))(
  'from an empty folder to the first answer in four commands: Node $version',
  { timeout: 120_000 },
  async ({ node, version }) => {
    const folder = temporaryFolder().path;
    const { port } = await startOrigin('hello');
    const startMs = performance.now();
    const prefix = await install(node, version);
    const installMs = performance.now() - startMs;
    const installed = mainIn(prefix);
    const at = { cwd: folder, node };
    const listen = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const init = ['init', ...listen, '--endpoint', `aws/us-east-1=http://127.0.0.1:${port}`];
    expect(await runToEnd(init, {}, installed, at)).toMatchObject({ code: 0 });
    expect(await runToEnd(['validate', 'meridian.yaml'], {}, installed, at)).toMatchObject({ code: 0 });
    const edge = run(['start', '-c', 'meridian.yaml'], {}, installed, at);
    const [, client, admin] = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
    expect(await ask(Number(client))).toMatchObject({ status: 200, body: 'hello' });
    const wholeMs = performance.now() - startMs;
    process.stdout.write(
      `Node ${version}: installed in ${(installMs / 1000).toFixed(1)} s, first answer after ${(wholeMs / 1000).toFixed(1)} s\n`,
    );
    expect(wholeMs).toBeLessThan(NEWCOMER_MS_MAX);

    const command = await exec(join(prefix, 'bin', 'meridian'), ['--version'], { env: envOf(node) });
    expect(command.stdout).toContain(`Node ${version}`);
    const env = { MERIDIAN_ADMIN_LISTEN: `127.0.0.1:${admin}` };
    for (const words of [
      ['status'],
      ['top', '--for', '1s'],
      ['explain', '--live', '--client-ip', '133.11.0.1'],
      ['alerts'],
    ]) {
      expect(await runToEnd(words, env, installed, at)).toMatchObject({ code: 0, err: '' });
    }
    expect((await ask(Number(admin), { path: '/metrics' })).body).toContain('requests_total{');
    edge.child.kill('SIGTERM');
    expect(await edge.exit).toEqual({ code: 0, signal: null });
  },
);

test.skipIf(GIVEN.every(isGood)).each(GIVEN.filter((given) => !isGood(given)))(
  'one that is too old says so in one sentence: Node $version',
  { timeout: 60_000 },
  async ({ node, version }) => {
    const prefix = await install(node, version);
    const { code, out, err } = await runToEnd(['--help'], {}, mainIn(prefix), { node });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      new RegExp(`^meridian: this needs Node 22\\.13 or newer and runs on ${version} \\(.*\\); install [^\\n]*\\n$`),
    );
  },
);
