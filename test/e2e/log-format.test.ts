import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml, withoutWire } from '../support/rig.ts';
import { logfmtFields } from '../unit/observe/logfmt-fields.ts';

const ENGINES = [
  ['wire engine', (yaml: string) => yaml],
  ['general engine', withoutWire],
] as const;

/** Starts an edge whose log has this format, has it answer two requests, and ends it; what it has written. */
async function written(format: string, change: (yaml: string) => string) {
  const origin = await startOrigin('x');
  const top = `admin: { listen: "127.0.0.1:0" }\nlog: { format: ${format} }`;
  const yaml = change(threeCloudsYaml([origin.port, origin.port, origin.port], '', top));
  const edge = run([
    'start',
    '-c',
    temporaryFolder().write('meridian.yaml', yaml.replace('id: test,', 'id: test, drain: 0s, workers: 1,')),
  ]);
  const port = Number((await edge.printed(/serving 127\.0\.0\.1:(\d+)/))[1]);
  await ask(port, { path: '/cart?secret=1', headers: { 'user-agent': 'a "b" c' } });
  await ask(port, { path: '/two', method: 'POST', body: 'abc' });
  await vi.waitFor(() => expect(edge.out()).toContain('/two'), { timeout: 10_000 });
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
  return { out: edge.out().split('\n').filter(Boolean), err: edge.err().split('\n').filter(Boolean) };
}

test.each(ENGINES)('json, %s: every line of standard output is an object', async (_, change) => {
  const { out } = await written('json', change);
  const lines = out.map((line) => JSON.parse(line) as Record<string, unknown>);
  const requests = lines.filter(({ msg }) => msg === 'request');
  expect(requests.map(({ path, status }) => [path, status])).toEqual([
    ['/cart', 200],
    ['/two', 200],
  ]);
  for (const { endpoint, runner_up: next, runner_up_score: score } of requests) {
    expect([typeof next, typeof score, next === endpoint]).toEqual(['string', 'number', false]);
  }
  expect(lines.map(({ event }) => event)).toContain('started');
});

test.each(ENGINES)('logfmt, %s: every line of standard output is pairs', async (_, change) => {
  const { out } = await written('logfmt', change);
  const lines = out.map(logfmtFields);
  const requests = lines.filter(({ msg }) => msg === 'request');
  expect(requests).toHaveLength(2);
  expect(requests[0]).toMatchObject({
    path: '/cart',
    query: 'true',
    agent: 'a "b" c',
    'attempts.0.outcome': 'success',
  });
  expect(requests[1]).toMatchObject({ method: 'POST', bytes_in: '3', level: 'info' });
  expect(lines.map(({ event }) => event)).toContain('ended');
});

test.each(ENGINES)('combined, %s: requests alone on standard output, the rest on standard error', async (_, change) => {
  const { out, err } = await written('combined', change);
  expect(out).toHaveLength(2);
  expect(out[0]).toMatch(
    /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/cart HTTP\/1\.1" 200 1 "-" "a \\x22b\\x22 c"$/,
  );
  expect(out[1]).toMatch(/"POST \/two HTTP\/1\.1" 200 1 "-" "-"$/);
  const others = err.filter((line) => line.startsWith('level=')).map(logfmtFields);
  expect(others.map(({ event }) => event)).toEqual(expect.arrayContaining(['started', 'signal', 'ending', 'ended']));
});
