import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adminListenOf } from '../../../src/main/listen-in-file.ts';
import { plainListen, plainListenIn } from '../../../src/main/plain-listen.ts';
import { temporaryFolder } from '../../support/process.ts';

const ENV = { AT: '127.0.0.1:8', EMPTY: '', ODD: '$x' };

test.each([
  ['admin: { listen: "127.0.0.1:9" }', '127.0.0.1:9'],
  ["version: 1\nadmin: { listen: ':9', token: abc } # why\nedge:\n  id: a\n", ':9'],
  ['admin:\n  # why\n  token: "x"\n  listen: 127.0.0.1:9 # here\nedge:\n  listen: 1:1\n', '127.0.0.1:9'],
  ['admin:\r\n  listen: ":9"\r\n', ':9'],
  ['admin: { listen: "${AT}" }', '127.0.0.1:8'],
  ['admin: { listen: "${EMPTY:-:7}" }', ':7'],
  ['admin: { listen: "${NONE:-127.0.0.1:9901}" }', '127.0.0.1:9901'],
])('%j is plain: %s', async (text, listen) => {
  expect(plainListen(text, ENV)).toBe(listen);
  expect(await adminListenOf(temporaryFolder().write('a.yaml', text), ENV)).toBe(listen);
});

test.each([
  'admin: {}',
  'services: {}',
  'admin: { listen: "${NONE}" }',
  'admin: { listen: "a${AT}" }',
  'admin: { listen: "${ODD}" }',
  'admin: { listen: "${file:/a}" }',
  'admin: { listen: "\\x3a9" }',
  'admin: &x { listen: ":9" }',
  'admin:\n  <<: *x\n  listen: ":9"',
  'admin:\n  listen: |\n    :9',
  'admin:\n  listen:\n    ":9"',
  'admin:\n  other:\n    listen: ":9"',
  'admin: { other: { listen: ":9" } }',
  'admin: { token: "x, listen: 1" }',
  '"admin": { listen: ":9" }',
  '---\nadmin: { listen: ":9" }',
  'admin: { listen: ":9" }\nadmin: { listen: ":8" }',
  '[]',
  '',
])('%j is left to the parser', (text) => {
  expect(plainListen(text, ENV)).toBeUndefined();
});

/** Lines of which files are put together that are like those of people, and worse. */
const LINES = [
  'admin:',
  'admin: # why',
  'admin: { listen: ":1" }',
  'admin: { token: "a, listen: b", listen: ":2", }',
  "admin: { listen: ':3', token: 'it''s' }",
  'admin: { listen: ":4"',
  'admin: >',
  '  listen: ":5"',
  '  listen: 127.0.0.1:6 # so',
  '  listen: "${AT}"',
  '    listen: ":7"',
  ' listen: ":8"',
  '  token: |',
  '  token: "begun',
  '  ended"',
  '  token: x',
  '   deep: { listen: ":9" }',
  'edge:',
  '  - x',
  '# listen: ":0"',
  '',
  '}',
];

test('what is found without a parser is what a parser finds', async () => {
  const { write } = temporaryFolder();
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...LINES), { maxLength: 6 }), async (lines) => {
      const text = lines.join('\n');
      const plain = plainListen(text, ENV);
      if (plain === undefined) return;
      // What is no YAML has no listen that a parser could find; the edge that runs on what was there before is asked all the same.
      const parsed = await adminListenOf(write('a.yaml', text), ENV).catch(() => plain);
      found += 1;
      expect(plain).toBe(parsed);
    }),
    { numRuns: 5000 },
  );
  expect(found).toBeGreaterThan(100);
});

test('what is no file, or no readable one, is left to the parser', () => {
  const { path, write } = temporaryFolder();
  expect(plainListenIn(write('a.yaml', 'admin: { listen: ":9" }'), {})).toBe(':9');
  expect([plainListenIn(path, {}), plainListenIn(`${path}/none`, {}), plainListenIn('/dev/zero', {})]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
