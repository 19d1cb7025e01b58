import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { type Env, run, runHere, temporaryFolder } from '../support/process.ts';
import { freePort } from '../support/programs.ts';

// Every `meridian` and `curl` line in the shell blocks of these pages is run, in its order, against an edge that is as the pages have it.
const PAGES = [
  'README.md',
  'docs/tour.md',
  'docs/cli.md',
  'docs/install.md',
  'docs/chaos.md',
  'docs/degraded.md',
  'docs/fleet.md',
  'docs/operations.md',
  'docs/recipes/one-edge-for-the-world.md',
  'docs/recipes/maintenance-of-a-region.md',
  'docs/recipes/kill-switch.md',
  'docs/runbooks',
];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Commands that run until they are told to end, and what they have printed by then. */
const LASTING: readonly (readonly [RegExp, RegExp])[] = [
  [/^start /, /serving/],
  [/^demo origin /, /origin aws\/us-east-1 on/],
];

/**
 * The lines of the shell blocks of a page that begin with `meridian` (without that word), or that stand for it in a checkout, or that
 * begin with `curl`; without what stands behind a `#`.
 */
function commandsOf(page: string): readonly string[] {
  const blocks = textOf(page).matchAll(/^```sh\n([^]*?)^```/gm);
  return [...blocks].flatMap(([, block = '']) =>
    [...block.matchAll(/^(?:meridian |npm run (?=demo -- )|(?=curl ))(.*?)(?:\s+#.*)?$/gm)].map(([, command = '']) =>
      command.replace(/^demo -- /, 'demo '),
    ),
  );
}

/** Of a folder, all of its pages. */
function textOf(page: string): string {
  const path = `${ROOT}/${page}`;
  const paths = page.endsWith('.md') ? [path] : readdirSync(path).map((name) => `${path}/${name}`);
  return paths.map((one) => readFileSync(one, 'utf8')).join('\n');
}

/** The words of a line, as a shell takes them apart; quotes are the only thing that it knows. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word);
}

test('there is something to run on every page', () => {
  for (const page of PAGES) expect(commandsOf(page)).not.toEqual([]);
  expect(wordsOf('drain gcp --reason "a new version"')).toEqual(['drain', 'gcp', '--reason', 'a new version']);
});

test.each(PAGES)('every command of %s works', { timeout: 300_000 }, async (page) => {
  const { port } = await startOrigin('hello');
  const admin = await freePort();
  const folder = temporaryFolder();
  const env: Env = { MERIDIAN_ADMIN_LISTEN: `127.0.0.1:${admin}`, USER: 'ann', TMPDIR: folder.path };
  const inUse = `${folder.path}/in-use.mmdb`;
  folder.write('meridian.yaml', yamlOf(port, inUse));
  copyFileSync(`${ROOT}/config/gamedays/region-down.yaml`, `${folder.path}/region-down.yaml`);
  const builtin = `${ROOT}/config/geo/dbip-country.mmdb`;
  for (const name of ['dbip-country-lite.mmdb', 'GeoLite2-City.mmdb', 'in-use.mmdb'])
    copyFileSync(builtin, `${folder.path}/${name}`);
  writeFileSync(`${folder.path}/dbip-country-lite-2026-12.mmdb.gz`, gzipSync(readFileSync(builtin), { level: 1 }));
  mkdirSync(`${folder.path}/empty`);
  await runHere(['start', '-c', 'meridian.yaml'], env, folder.path).printed(/serving/);
  const demo = commandsOf(page).some((command) => /^demo (kill|revive|hang) /.test(command));
  if (demo) await run(['demo', '--for', '200s'], env).printed(/requests/);
  for (const command of new Set(commandsOf(page))) {
    if (command.startsWith('curl ')) {
      const line = `${command.replaceAll('127.0.0.1:9901', `127.0.0.1:${admin}`)} --silent --show-error --fail-with-body`;
      await promisify(execFile)('sh', ['-c', line], { env: { ...process.env, MERIDIAN_ADMIN_TOKEN: '' } });
      continue;
    }
    const args = wordsOf(command.replaceAll(/10\.\d\.0\.1:8080/g, `127.0.0.1:${port}`));
    // The one that is in the checkout stays as it is.
    if (/^geo update (?!.*(?:--to|-c) )/.test(command)) args.push('--to', inUse);
    const lasting = LASTING.find(([words]) => words.test(command));
    const alone = command.startsWith('start ') ? { ...env, MERIDIAN_ADMIN_LISTEN: '127.0.0.1:0' } : env;
    const running = runHere(args, alone, command.startsWith('init ') ? `${folder.path}/empty` : folder.path);
    if (lasting !== undefined) {
      await running.printed(lasting[1]);
      running.child.kill('SIGTERM');
    }
    const { code } = await running.exit;
    expect([command, code, code === 0 ? '' : running.err()]).toEqual([command, 0, '']);
    expect(`${running.out()}${running.err()}`).not.toBe('');
  }
});

function yamlOf(port: number, geo: string): string {
  return `version: 1
geo: { database: "${geo}" }
edge: { id: iad-1, region: aws/us-east-1, listen: "127.0.0.1:0" }
admin: { listen: "\${MERIDIAN_ADMIN_LISTEN}" }
chaos:
  enabled: true
  experiments: { slow-gcp: { kind: latency, delay: 300ms, radius: 5%, scope: { cloud: gcp } } }
services:
  shop:
    match: { hosts: [shop.example.com] }
    degraded: { cache: { fresh_for: 1m } }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
      - { cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${port}" }
      - { cloud: azure, region: japaneast, url: "http://127.0.0.1:${port}" }
`;
}
