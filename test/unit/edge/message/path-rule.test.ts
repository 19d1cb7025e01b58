import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PathRules } from '../../../../src/config/topology-rules.ts';
import { climbs, pathRule, without } from '../../../../src/edge/message/path-rule.ts';

const rules = (given: Partial<PathRules>): PathRules => ({
  stripPrefix: '',
  replace: [],
  addPrefix: '',
  set: '',
  ...given,
});
const STRIP = rules({ stripPrefix: '/api' });
const ADD = rules({ addPrefix: '/v2' });
const BOTH = rules({ stripPrefix: '/api', addPrefix: '/v2' });
const REPLACE = rules({
  replace: [
    ['/old', '/new'],
    ['/old/deep', '/d'],
    ['/x', ''],
  ],
});

test.each([
  [STRIP, '/api/a', '/a'],
  [STRIP, '/api', '/'],
  [STRIP, '/api/', '/'],
  [STRIP, '/api?q=/api', '/?q=/api'],
  [STRIP, '/apix/a', '/apix/a'],
  [STRIP, '/API/a', '/API/a'],
  [STRIP, '/%61pi/a%2Fb/../c//d;e=f?g#', '/a%2Fb/../c//d;e=f?g#'],
  [STRIP, '/api%2fa', '/api%2fa'],
  [STRIP, '/api//a', '//a'],
  [STRIP, '/api/api/a', '/api/a'],
  [ADD, '/a?b', '/v2/a?b'],
  [ADD, '/', '/v2/'],
  [ADD, '/..a/...', '/v2/..a/...'],
  [BOTH, '/api/a', '/v2/a'],
  [BOTH, '/api', '/v2/'],
  [REPLACE, '/old/a', '/new/a'],
  [REPLACE, '/old', '/new'],
  [REPLACE, '/old/deep/a', '/d/a'],
  [REPLACE, '/older', '/older'],
  [REPLACE, '/x', '/'],
  [REPLACE, '/x/y', '/y'],
  [rules({ replace: [['', '/all']] }), '/a', '/all/a'],
  [rules({ replace: [['', '/all']] }), '/', '/all'],
  [rules({ set: '/index.html' }), '/a/b?c', '/index.html?c'],
  [undefined, '/a/../b', '/a/../b'],
])('%j makes %s to %s', (given, target, expected) => {
  expect(pathRule(given).forward(target)).toBe(expected);
});

test.each([
  '/..',
  '/../a',
  '/a/../../b',
  '/%2e%2e/a',
  '/.%2E/a',
  '/a%2f..%2f..%2fb',
  '/..\\a',
  '/a\\..\\..\\b',
  '/..;x=1/a',
  '/./../a',
])('%s climbs, and does not get out of a prefix', (path) => {
  expect(climbs(path)).toBe(true);
  expect(climbs(`${path}?x`)).toBe(true);
  expect(pathRule(ADD).forward(path)).toBeUndefined();
  expect(pathRule(undefined, ['', '/base']).forward(path)).toBeUndefined();
  expect(pathRule(undefined, ['']).forward(path)).toBe(path);
  expect(pathRule(STRIP).forward(path)).toBe(path);
});

test.each(['/', '/a/../b', '/a/..', '/...', '/a?/../..', '/a/b/../../c', '/%2e'])('%s does not climb', (path) => {
  expect(climbs(path)).toBe(false);
});

test('a climb behind what is stripped or replaced is one too', () => {
  expect(pathRule(BOTH).forward('/api/../x')).toBeUndefined();
  expect(pathRule(REPLACE).forward('/old/../x')).toBeUndefined();
  expect(pathRule(REPLACE).forward('/x/../y')).toBe('/../y');
});

test.each([
  [BOTH, '/v2/a', '/api/a'],
  [BOTH, '/v2', '/api/'],
  [BOTH, '/login', undefined],
  [STRIP, '/login', '/api/login'],
  [STRIP, '/', '/api/'],
  [REPLACE, '/new/a', '/old/a'],
  [REPLACE, '/d', '/old/deep'],
  [REPLACE, '/other', '/x/other'],
  [rules({ set: '/x' }), '/x', undefined],
  [undefined, '/a', '/a'],
])('with %j a client finds %s under %s', (given, path, expected) => {
  expect(pathRule(given).back(path)).toBe(expected);
});

test('a path without a prefix of whole segments', () => {
  expect([
    without('/a/b', '/a'),
    without('/a', '/a'),
    without('/ab', '/a'),
    without('/b', '/a'),
    without('/b', ''),
  ]).toEqual(['/b', '/', undefined, undefined, '/b']);
});

const segment = fc.stringMatching(/^(?:[a-c]|%2[ef]|%61|\.{1,2}|;x|~|\\){0,3}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
const prefix = fc
  .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 })
  .map((parts) => parts.map((part) => `/${part}`).join(''));
const anyRules = fc.record({
  stripPrefix: prefix,
  replace: fc.uniqueArray(fc.tuple(prefix, prefix), { maxLength: 3, selector: ([from]) => from }),
  addPrefix: prefix,
  set: fc.constant(''),
});

test('whatever is asked of an endpoint, the way back leads to it again', () => {
  fc.assert(
    fc.property(anyRules, path, (given, asked) => {
      const rule = pathRule(given);
      const forward = rule.forward(asked);
      if (forward === undefined) return;
      const back = rule.back(forward);
      // One may have no way back where two rules lead to one place; where there is one, it is right.
      if (back !== undefined) expect(rule.forward(back)).toBe(forward);
      if (given.replace.length === 0) expect(back).toBeDefined();
    }),
    { numRuns: 5000 },
  );
});

test('what a rule does not name stays byte for byte: the end of every path is the client’s own', () => {
  fc.assert(
    fc.property(anyRules, path, fc.stringMatching(/^[a-z=&/?.%]{0,8}$/), (given, asked, query) => {
      const forward = pathRule(given).forward(`${asked}?${query}`);
      if (forward === undefined) return;
      expect(forward.endsWith(`?${query}`)).toBe(true);
      const told = forward.slice(0, -query.length - 1);
      const puts = [given.addPrefix, ...given.replace.flatMap(([, to]) => [to, given.addPrefix + to]), ''];
      const tails = puts.filter((put) => told.startsWith(put)).map((put) => told.slice(put.length));
      expect(tails.some((tail) => asked.endsWith(tail) || tail === '/')).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test('nobody leaves a prefix, by any way of writing', () => {
  fc.assert(
    fc.property(path, (asked) => {
      const forward = pathRule(ADD).forward(asked);
      if (forward === undefined) return;
      const decoded = decodeURIComponent(forward)
        .replaceAll('\\', '/')
        .replaceAll(/;[^/]*/g, '');
      expect(new URL(decoded, 'http://x').pathname).toMatch(/^\/v2(?:\/|$)/);
    }),
    { numRuns: 5000 },
  );
});
