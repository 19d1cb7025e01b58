import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { loadTopology, parseTopology } from '../../../src/config/load.ts';
import { problemsOf, problemsWith, SERVICES, topologyOf } from './parse-text.ts';

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'meridian-load-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('a file is loaded, with its secrets and its name', async () => {
  const dir = directory();
  const file = join(dir, 'edge.yaml');
  writeFileSync(join(dir, 'token'), 'hunter2\n');
  writeFileSync(file, `version: 1\nedge: { id: "\${ID}" }\nadmin: { token: "\${file:${dir}/token}" }\n${SERVICES}`);
  const loaded = await loadTopology(file, { ID: 'iad-1' });
  expect(loaded).toMatchObject({ ok: true, topology: { file, edge: { id: 'iad-1' }, admin: { token: 'hunter2' } } });
});

test('a file that cannot be read is one problem that says why', async () => {
  const dir = directory();
  const problem = (message: string) => ({ ok: false, problems: [{ line: 1, column: 1, path: '', message }] });
  expect(await loadTopology(join(dir, 'none.yaml'), {})).toEqual(
    problem('cannot be read: there is no such file (ENOENT); check the path'),
  );
  expect(await loadTopology(dir, {})).toEqual(problem('cannot be read: it is a directory; name the file inside of it'));
});

test.each(['', '\n\n', '# nothing\n', '---\n'])('the empty file %j: the problem says what it needs', (text) => {
  expect(problemsOf(text)).toEqual(['1:1 : is empty; a configuration needs at least "version: 1" and "services:"']);
});

test('a text of more than 8 MiB is not even parsed', () => {
  expect(problemsOf(`#${'x'.repeat(8 * 1024 * 1024)}`)).toEqual([
    '1:1 : is larger than 8 MiB, the most a configuration may be',
  ]);
});

test('every problem of a file comes at once, in the order of its lines', () => {
  const text = `version: 1
edge: { listen: 8080, drian: 10s }
routing:
  default_priority: fast
  priorities: { mine: { latency: 0.9, capacity: 0, health: 0, diversity: 0 } }
services:
  shop:
    endpoints:
      - { cloud: amazon, region: us-east-1, url: http://h }
      - { cloud: aws, region: us-esat-1, url: ftp://h, capacity: 0 }
      - { cloud: aws, region: us-east-1, url: http://h }
      - { cloud: aws, region: us-east-1, url: "http://h:80/" }
      - { cloud: gcp, region: europe-west1, url: "http://\${NONE}" }
`;
  const places = problemsOf(text).map((line) => line.split(': ')[0]);
  expect(places).toEqual([
    '2:17 edge.listen',
    '2:23 edge.drian',
    '4:21 routing.default_priority',
    '5:17 routing.priorities.mine',
    '9:18 services.shop.endpoints[0].cloud',
    '10:31 services.shop.endpoints[1].region',
    '10:47 services.shop.endpoints[1].url',
    '10:66 services.shop.endpoints[1].capacity',
    '12:9 services.shop.endpoints[3]',
    '13:50 services.shop.endpoints[4].url',
  ]);
});

test('variables become what the key wants', () => {
  const env = { ID: '007', TOKEN: '12345', PORT: '8081', CAP: '250', YES: 'true', RATE: '5%' };
  const text = `version: 1
edge: { id: "\${ID}", listen: "127.0.0.1:\${PORT}", workers: "\${WORKERS:-auto}" }
admin: { token: "\${TOKEN}" }
log: { access: "\${YES}" }
retries: { budget: "\${RATE}" }
services:
  web:
    match: { hosts: ["\${ID}.example"] }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://h:\${PORT}", capacity: "\${CAP}" }]
`;
  const { edge, admin, log, services } = topologyOf(text, env);
  expect(edge).toMatchObject({
    id: '007',
    listeners: [{ listen: { host: '127.0.0.1', port: 8081 } }],
    workers: 'auto',
  });
  expect(admin.token).toBe('12345');
  expect(log.access).toBe(true);
  expect(services[0]).toMatchObject({ match: [{ hosts: ['007.example'] }], retries: { budget: 0.05 } });
  expect(services[0]?.endpoints[0]).toMatchObject({ capacity: 250, url: { port: 8081 } });
});

test('a variable cannot bring structure with it', () => {
  const id = 'x\nadmin: { token: mine }';
  expect(problemsWith('edge: { id: "${ID}" }', { ID: id })).toEqual([expect.stringContaining('2:13 edge.id: must be')]);
});

test('a variable that is not set is one problem, not two', () => {
  expect(problemsWith('edge: { id: "${NONE}" }')).toEqual([
    '2:13 edge.id: needs the environment variable NONE, which is not set; set it, or write ${NONE:-default}',
  ]);
});

test('what a secret file holds is not in any message', () => {
  for (const key of [
    'edge: { id: "${file:/s}" }',
    'edge: { drain: "${file:/s}" }',
    'edge: { "region": "aws/${file:/s}" }',
  ]) {
    const problems = problemsOf(`version: 1\n${key}\n${SERVICES}`, {}, () => 'hunter 2');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('must be');
    expect(problems[0]).not.toContain('hunter');
  }
});

test('no text makes it throw', () => {
  const line = fc.constantFrom(
    'version: 1',
    'services:',
    '  shop:',
    '    endpoints:',
    '      - { cloud: aws, region: us-east-1, url: http://h }',
    '    match: { hosts: [a.b] }',
    'edge: { region: aws/x',
    'health: &h { interval: 1s }',
    'routing: *h',
    '<<: *h',
    '\t',
    '- x',
    '${X}: ${Y}',
    '? [a]',
    '"',
  );
  const text = fc.oneof(
    fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseTopology(given, { file: 'f', env: {}, readFile: () => '' });
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      for (const problem of parsed.ok ? [] : parsed.problems) {
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.line).toBeLessThanOrEqual(given.split('\n').length + 1);
        expect(problem.message).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});
