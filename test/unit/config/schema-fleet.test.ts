import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  ['{ store: memory }'],
  ['{ store: sqlite, path: /var/lib/fleet.sqlite, prefix: "a:" }'],
  ['{ store: memory, report: 500ms, forget: 1s, compare: 1s, command_timeout: 1s, replicate_timeout: 1s }'],
])('%s is right', (fleet) => {
  expect(problemsWith(`fleet: ${fleet}`)).toEqual([]);
});

test.each([
  ['{}', '2:1 fleet.store: is missing; it must be redis, sqlite or memory'],
  ['{ store: valkey }', 'did you mean "redis"?'],
  ['{ store: memory, reports: 1s }', 'did you mean "report"?'],
  ['{ store: memory, report: 1 }', 'say in which unit'],
  ['{ store: memory, prefix: "a b" }', '2:33 fleet.prefix: must be visible ASCII'],
  ['{ store: memory, command_timeout: 1h }', 'must be from 10ms to 30s'],
])('%s is wrong', (fleet, message) => {
  expect(problemsWith(`fleet: ${fleet}`)).toEqual([expect.stringContaining(message)]);
});

const withUrl = (url: string) =>
  problemsWith(
    `edge: { id: a, region: aws/us-east-1 }\nfleet: { store: redis, regions: { us-east-1: { url: "${url}" } } }`,
  );

test.each([['redis://10.0.0.9'], ['redis://:p%40ss@10.0.0.9:6379/2'], ['rediss://user:pass@[2001:db8::1]:6380']])(
  '%s is the URL of a store',
  (url) => {
    expect(withUrl(url)).toEqual([]);
  },
);

test.each([
  ['http://:hunter2@h', 'another scheme'],
  ['redis://:hunter2@h/0?db=1', 'no "?"'],
  ['redis://:hunter2@h/cache', 'no path'],
  ['redis://:hun#ter2@h', '%XX'],
  ['hunter2', 'is not a URL'],
])('%s is refused, and no message shows it', (url, why) => {
  const [problem, ...more] = withUrl(url);
  expect(problem).toMatch(/^3:\d+ fleet\.regions\.us-east-1\.url: must be a URL such as redis:/);
  expect(problem).toContain(why);
  expect(problem).not.toMatch(/hun#?ter2/);
  expect(more).toEqual([]);
});

test('a region needs its url and a plain name', () => {
  const fleet = (regions: string) =>
    problemsWith(`edge: { id: a }\nfleet: { store: redis, region: a, regions: ${regions} }`);
  expect(fleet('{ a: {} }')).toEqual([expect.stringContaining('fleet.regions.a.url: is missing')]);
  expect(fleet('{ a: { url: redis://h }, "a b": { url: redis://i } }')).toEqual([
    expect.stringContaining('is no name'),
  ]);
});

test.each([
  'fleet: "URL"',
  'fleet: { store: redis, regions: "URL" }',
  'fleet: { store: redis, regions: { a: "URL" } }',
])('a URL where a block is wanted is not shown: %s', (line) => {
  const problems = problemsWith(line.replace('URL', 'redis://:hunter2@h'));
  expect(problems).toContainEqual(expect.stringMatching(/must be a mapping .*; it is a URL \(not shown\)$/));
  expect(problems.join('\n')).not.toContain('hunter2');
});
