import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KNOWN_CHARS_MAX, KNOWN_MAX, KnownLines, Said } from '../../../../../src/edge/frames/hpack/known-lines.ts';
import { isChanging, OutField } from '../../../../../src/edge/frames/hpack/out-field.ts';

/** One that counts what it reads line by line, which is what nobody knew. */
function counted(): { readonly lines: KnownLines; readonly read: string[] } {
  const read: string[] = [];
  const lines = new KnownLines((line, said) => {
    read.push(line);
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === 'Host') {
      said.authority = new OutField(':authority', value);
      return 'same';
    }
    const field = new OutField(name.toLowerCase(), value);
    said.fields.push(field);
    if (field.name === 'content-length') {
      said.length = Number(value);
      return 'length';
    }
    return isChanging(field.name) ? 'changing' : 'same';
  });
  return { lines, read };
}

function saidBy(lines: KnownLines, head: string, from = 0) {
  const said = new Said();
  lines.said(head, from, said);
  const { fields, authority, length, end } = said;
  return {
    fields: fields.map(({ name, value, indexing, staticIndex, staticName, bytes }) => {
      const fresh = new OutField(name, value);
      expect({ indexing, staticIndex, staticName, bytes }).toEqual({
        indexing: fresh.indexing,
        staticIndex: fresh.staticIndex,
        staticName: fresh.staticName,
        bytes: fresh.bytes,
      });
      return `${name}: ${value}`;
    }),
    authority: authority?.value,
    length,
    end,
  };
}

const head = (id: string, agent = 'x', length = 5): string =>
  `Host: a\r\nUser-Agent: ${agent}\r\nContent-Length: ${length}\r\nTE: trailers\r\nX-Request-Id: ${id}\r\n\r\n`;

test('a head that says the same but for what changes by its nature is known', () => {
  const { lines, read } = counted();
  saidBy(lines, head('1'));
  read.length = 0;
  expect(saidBy(lines, head('2', 'x', 17))).toEqual({
    fields: ['user-agent: x', 'content-length: 17', 'te: trailers', 'x-request-id: 2'],
    authority: 'a',
    length: 17,
    end: head('2', 'x', 17).length - 2,
  });
  expect(read).toEqual([]);
});

test('what stands before the lines is left alone, and lines may end with the text', () => {
  const { lines } = counted();
  for (let i = 0; i < 2; i += 1) {
    expect(saidBy(lines, 'GET / HTTP/1.1\r\nA: 1\r\n\r\n', 16)).toMatchObject({ fields: ['a: 1'], end: 22 });
    expect(saidBy(lines, 'A: 1\r\n')).toMatchObject({ fields: ['a: 1'], end: 6 });
    expect(saidBy(lines, '')).toMatchObject({ fields: [], end: 0 });
  }
});

test.each([
  [
    'one line more at its end',
    'Host: a\r\nUser-Agent: x\r\nContent-Length: 5\r\nTE: trailers\r\nX-Request-Id: 1\r\nB: 1\r\n\r\n',
  ],
  ['one line less', 'Host: a\r\nUser-Agent: x\r\nContent-Length: 5\r\nTE: trailers\r\n\r\n'],
  ['another value', head('1', 'y')],
  ['a value that is written otherwise', head(' 1 ')],
  ['no value', head('')],
])('%s is another head', (_, other) => {
  const { lines, read } = counted();
  saidBy(lines, head('1'));
  read.length = 0;
  const plain = saidBy(counted().lines, other);
  expect(saidBy(lines, other)).toEqual(plain);
  expect(read.length).toBeGreaterThan(0);
});

test(`the last ${KNOWN_MAX} heads are known; where none comes again, few are learned; none that is too long`, () => {
  const { lines, read } = counted();
  const readOf = (text: string): number => {
    read.length = 0;
    saidBy(lines, text);
    return read.length;
  };
  for (let i = 0; i < KNOWN_MAX; i += 1) readOf(`A: ${i}\r\n\r\n`);
  for (let i = 0; i < KNOWN_MAX; i += 1) expect(readOf(`A: ${i}\r\n\r\n`)).toBe(0);
  readOf('A: one more\r\n\r\n');
  // The one that was met longest ago has gone.
  expect(readOf('A: 0\r\n\r\n')).toBe(1);

  for (let i = 0; i < 40; i += 1) readOf(`B: ${i}\r\n\r\n`);
  expect([34, 35, 36, 37, 38, 39].map((i) => readOf(`B: ${i}\r\n\r\n`))).toContain(1);
  const long = `C: ${'x'.repeat(KNOWN_CHARS_MAX)}\r\n\r\n`;
  expect([readOf(long), readOf(long)]).toEqual([1, 1]);
});

test('in whatever order heads come, each is what it is line by line', () => {
  const line = fc
    .tuple(
      fc.constantFrom('Host', 'A', 'a', 'Cookie', 'X-Request-Id', 'Content-Length', 'Authorization', 'Etag'),
      fc.constantFrom(':', ': ', ':\t '),
      fc.constantFrom('1', '22', '', '3 3', '4 '),
    )
    .map((parts) => `${parts.join('')}\r\n`);
  const text = fc.array(line, { maxLength: 6 }).map((lines) => `${lines.join('')}\r\n`);
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (heads, order) => {
        const { lines } = counted();
        for (const nth of order) {
          const one = heads[nth % heads.length] as string;
          expect(saidBy(lines, one)).toEqual(saidBy(counted().lines, one));
        }
      },
    ),
    { numRuns: 400 },
  );
});
