import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { runToEnd, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const GOOD = threeCloudsYaml([9001, 9002, 9003], '', 'admin: { listen: "127.0.0.1:0" }');

test('validate says that a good file is good', async () => {
  const file = temporaryFolder().write('good.yaml', GOOD);
  expect(await runToEnd(['validate', file])).toEqual({
    code: 0,
    out: `${file}: good; 1 service, 3 endpoints\n`,
    err: '',
  });
});

test('validate tells of a cloud that nobody uses, and finds nothing wrong with it', async () => {
  const yaml = `${GOOD}\nclouds: { onprem: {}, aws: {} }\n`;
  const { code, out } = await runToEnd(['validate', temporaryFolder().write('idle-cloud.yaml', yaml)]);
  expect([code, out]).toEqual([0, expect.stringMatching(/good; .*\n.*: clouds\.onprem: no endpoint is there\n$/)]);
});

test('validate tells which countries would be served faster by another latency_from, in one line', async () => {
  const yaml = `${GOOD}\nrouting: { latency_from: client }\n`;
  const { code, out } = await runToEnd(['validate', temporaryFolder().write('far.yaml', yaml)]);
  const line =
    /\n.*: services\.shop: by estimate, clients of \d+ countries would be served faster with routing\.latency_from: edge: (?:[A-Z]{2} by \d+ ms, ){4}[A-Z]{2} by \d+ ms and \d+ more by up to \d+ ms; .*\n$/;
  expect([code, out]).toEqual([0, expect.stringMatching(line)]);
  const auto = yaml.replace('latency_from: client', 'latency_from: auto');
  expect((await runToEnd(['validate', temporaryFolder().write('near.yaml', auto)])).out).not.toContain('latency_from');
});

test('validate prints every problem with its place, and exits 1', async () => {
  const file = temporaryFolder().write(
    'bad.yaml',
    'version: 1\nservices:\n  shop:\n    endpoints:\n      - { cloud: awz, region: us-east-1, url: "http://a", capacity: 0 }\n',
  );
  const { code, err } = await runToEnd(['validate', file]);
  expect(code).toBe(1);
  expect(err).toMatch(/bad\.yaml:5:\d+ services\.shop\.endpoints.*aws/);
  expect(err).toMatch(/bad\.yaml:5:\d+ .*capacity/);
});

test('validate looks at the files that the file names, and hangs on none of them', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [`${folder.path}/pipe`]);
  const named = `geo: { database: "${folder.path}/pipe" }\nalerts: { state: /dev/zero }\n`;
  const file = folder.write('named.yaml', `${GOOD}${named}`);
  const { code, err } = await runToEnd(['validate', file]);
  expect(code).toBe(1);
  expect(err).toMatch(/named\.yaml:\d+:\d+ geo\.database: .*is not a file/);
  expect(err).toMatch(/named\.yaml:\d+:\d+ alerts\.state: \/dev\/zero cannot be written: it is a device or a pipe/);
  expect((await runToEnd(['validate', '--no-files', file])).code).toBe(0);
  for (const none of ['/dev/zero', `${folder.path}/pipe`]) {
    expect((await runToEnd(['validate', none])).err).toContain('it is a device or a pipe; name a regular file');
  }
});

test('geo update puts a good database in the place of the one that the file names, and of no other', async () => {
  const folder = temporaryFolder();
  const builtin = readFileSync(new URL('../../config/geo/dbip-country.mmdb', import.meta.url));
  writeFileSync(`${folder.path}/in-use.mmdb`, builtin);
  writeFileSync(`${folder.path}/new.mmdb.gz`, gzipSync(builtin));
  const file = folder.write('geo.yaml', `${GOOD}geo: { database: "${folder.path}/in-use.mmdb" }\n`);
  const { code, out } = await runToEnd(['geo', 'update', `${folder.path}/new.mmdb.gz`, '-c', file]);
  expect(code).toBe(0);
  expect(out).toMatch(/in-use\.mmdb is now .*new\.mmdb\.gz: a country database of 2026-06-01, in the place of one of/);
  const bad = await runToEnd(['geo', 'update', folder.write('bad.mmdb', 'no'), '-c', file]);
  expect([bad.code, bad.err]).toEqual([1, expect.stringContaining('is not a MaxMind-format database')]);
  expect(readFileSync(`${folder.path}/in-use.mmdb`).equals(builtin)).toBe(true);
});

test.each([
  [[], 'a command is missing'],
  [['geo'], 'geo alone is no command; there are: meridian geo update'],
  [['geo', 'fetch'], 'no command "geo fetch"'],
  [['geo', 'update'], 'meridian geo update FILE.mmdb'],
  [['geo', 'update', 'a', '--to', 'b', '-c', 'd'], 'give one of them'],
  [['strat'], 'no command "strat"; did you mean "start"?'],
  [['help', 'strat'], 'did you mean "start"?'],
  [['chaos', 'strt'], 'no command "chaos strt"; did you mean "chaos start"?'],
  [
    ['drain', 'gcp', '--reson', 'x'],
    'drain has no option --reson; did you mean "--reason"?\nsee: meridian drain --help',
  ],
  [['toString'], 'no command "toString"'],
  [['start'], '-c FILE'],
  [['start', '--nope'], '--nope'],
  [['validate'], 'one file'],
  [['explain', '-c', 'x'], '--client-ip'],
  [['explain', '-c', 'x', '--client-ip', '1.2.3'], '--client-ip'],
])('%j is wrong usage', async (args, message) => {
  const { code, err } = await runToEnd(args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('start on a missing file, a bad one, or a directory: one clear line, exit 1', async () => {
  const folder = temporaryFolder();
  const missing = await runToEnd(['start', '-c', `${folder.path}/none.yaml`]);
  expect(missing.code).toBe(1);
  expect(missing.err).toMatch(/none\.yaml.*cannot be read/);
  expect((await runToEnd(['start', '-c', folder.path])).err).toMatch(/cannot be read.*director/i);
  const bad = await runToEnd(['start', '-c', folder.write('bad.yaml', 'version: 1\n  services: [')]);
  expect(bad.code).toBe(1);
  expect(bad.err).toMatch(/bad\.yaml:\d+:\d+/);
});

test('start with a database that is missing or corrupt: one clear line, exit 1', async () => {
  const folder = temporaryFolder();
  const corrupt = folder.write('corrupt.mmdb', 'not a database'.repeat(1000));
  for (const file of [corrupt, `${folder.path}/none.mmdb`]) {
    const yaml = folder.write('geo.yaml', `${GOOD}geo: { database: "${file}" }\n`);
    const { code, err } = await runToEnd(['start', '-c', yaml]);
    expect(code).toBe(1);
    expect(err).toContain(file);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
});

test('start on a port that is in use, for clients or for operators: one clear line, exit 1', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const folder = temporaryFolder();
  const edge = await runToEnd([
    'start',
    '-c',
    folder.write('a.yaml', GOOD.replace('"127.0.0.1:0", trust', `"127.0.0.1:${port}", trust`)),
  ]);
  expect(edge.code).toBe(1);
  expect(edge.err).toMatch(new RegExp(`edge\\.listen: 127\\.0\\.0\\.1:${port} is in use`));
  const admin = await runToEnd([
    'start',
    '-c',
    folder.write('b.yaml', GOOD.replace('admin: { listen: "127.0.0.1:0"', `admin: { listen: "127.0.0.1:${port}"`)),
  ]);
  expect(admin.code).toBe(1);
  expect(admin.err).toMatch(new RegExp(`127\\.0\\.0\\.1:${port} is in use by another process`));
});

test('start with a certificate that cannot be read: one clear line, exit 1', async () => {
  const folder = temporaryFolder();
  const yaml = GOOD.replace(
    'edge: { id: test,',
    `edge: { id: test, tls: { cert: "${folder.path}/c.pem", key: "${folder.path}/k.pem" },`,
  );
  const { code, err } = await runToEnd(['start', '-c', folder.write('tls.yaml', yaml)]);
  expect(code).toBe(1);
  expect(err).toMatch(/edge\.tls\.cert: .*c\.pem cannot be read/);
});

test('an unreadable file is reported as such', async () => {
  if (process.getuid?.() === 0) return;
  const file = temporaryFolder().write('secret.yaml', GOOD);
  chmodSync(file, 0);
  expect((await runToEnd(['validate', file])).err).toMatch(/permission/i);
});

test('explain shows every candidate with its factors, as a table and as JSON', async () => {
  const file = temporaryFolder().write('good.yaml', GOOD);
  const table = await runToEnd(['explain', '-c', file, '--client-ip', '133.11.0.1', '--priority', 'latency']);
  expect(table.code).toBe(0);
  expect(table.out).toMatch(/JP/);
  // The edge stands in Virginia, and it is from there that requests go on, wherever their clients are.
  expect(table.out).toMatch(/→ +shop\/aws\/us-east-1/);
  // Each as a candidate and with its way, and the chosen one once more.
  expect(table.out.match(/shop\/(aws|gcp|azure)\//g)).toHaveLength(7);
  const json = await runToEnd(['explain', '-c', file, '--client-ip', '133.11.0.1', '--priority', 'latency', '--json']);
  const { decision } = JSON.parse(json.out) as {
    decision: { candidates: { score: number; factors: Record<string, number> }[]; weights: Record<string, number> };
  };
  expect(decision.candidates).toHaveLength(3);
  for (const { score, factors } of decision.candidates) {
    const sum = Object.entries(decision.weights).reduce(
      (total, [name, weight]) => total + weight * (factors[name] ?? 0),
      0,
    );
    expect(score).toBeCloseTo(sum, 12);
  }
  const unknown = await runToEnd(['explain', '-c', file, '--client-ip', '1.1.1.1', '--priority', 'fast']);
  expect(unknown.code).toBe(1);
  expect(unknown.err).toMatch(/no priority "fast"; there are: /);
});

test('schema prints a JSON Schema', async () => {
  const { code, out } = await runToEnd(['schema']);
  expect(code).toBe(0);
  expect((JSON.parse(out) as { $schema: string }).$schema).toMatch(/json-schema/);
});

test('healthcheck on nothing says so, and exits 1', async () => {
  const { code, err } = await runToEnd(['healthcheck', '--url', 'http://127.0.0.1:9/readyz']);
  expect(code).toBe(1);
  expect(err).toMatch(/does not answer/);
});
