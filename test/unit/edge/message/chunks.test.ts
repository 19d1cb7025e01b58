import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ChunkScanner,
  EXTENSION_BYTES_MAX,
  EXTENSIONS_BYTES_MAX,
  TRAILER_BYTES_MAX,
} from '../../../../src/edge/message/chunks.ts';

/** Scans `text` in these pieces; returns what would go on, and how it ended. */
function scan(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text, 'latin1');
  const scanner = new ChunkScanner();
  scanner.reset();
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let [at, passed, end] = [0, '', 0];
  for (const to of ends) {
    if (scanner.done || scanner.broken) break;
    end = scanner.scan(bytes, at, to);
    let from = at;
    for (let i = 0; i < scanner.omitted.length; i += 2) {
      passed += bytes.toString('latin1', from, scanner.omitted[i]);
      from = scanner.omitted[i + 1] as number;
    }
    passed += bytes.toString('latin1', from, end);
    at = to;
  }
  return { passed, end, scanner };
}

const BODY =
  '4\r\nWiki\r\n6;a=b;c="d e"\r\npedia \r\n00E\r\nin \r\n\r\nchunks.\r\n0;last\r\nX-Sum: 1\r\nConnection: close\r\nx-b:2\r\n\r\n';

test('a body goes on without its extensions, and its trailers are looked through', () => {
  const { passed, end, scanner } = scan(`${BODY}GET / HTTP/1.1`);
  expect(passed).toBe('4\r\nWiki\r\n6\r\npedia \r\n00E\r\nin \r\n\r\nchunks.\r\n0\r\n');
  expect(end).toBe(BODY.length);
  expect([scanner.done, scanner.broken, scanner.trailing, scanner.trailers]).toEqual([
    true,
    false,
    true,
    'X-Sum: 1\r\nx-b: 2\r\n',
  ]);
});

test('one without them goes on as it came', () => {
  const text = 'a\r\n0123456789\r\n0\r\n\r\n';
  const { passed, scanner } = scan(text);
  expect([passed, scanner.done, scanner.trailing, scanner.trailers]).toEqual([text, true, false, '']);
});

test.each([
  ['1 \r\na\r\n0\t\r\n\r\n', '1\r\na\r\n0\r\n\r\n'],
  ['1 ; a = b \t;;\tc="d e" \r\na\r\n0\r\n\r\n', '1\r\na\r\n0\r\n\r\n'],
  ['1;a=#"b c";=d;e=\r\na\r\n0\r\n\r\n', '1\r\na\r\n0\r\n\r\n'],
  ['001\r\na\r\n00\r\n\r\n', '001\r\na\r\n00\r\n\r\n'],
  [`${'0'.repeat(40)}a\r\n0123456789\r\n${'0'.repeat(40)}\r\n\r\n`, '00a\r\n0123456789\r\n00\r\n\r\n'],
])('what only some would read goes no further: %j', (text, expected) => {
  const cuts = Array.from(text, (_, i) => i);
  expect(scan(text)).toMatchObject({ passed: expected, end: text.length });
  expect(scan(text).scanner).toMatchObject({ done: true, broken: false });
  expect(scan(text, cuts).passed).toBe(expected);
});

test('it does not matter where it is cut', () => {
  const whole = scan(BODY);
  fc.assert(
    fc.property(fc.array(fc.nat(BODY.length), { maxLength: 30 }), (cuts) => {
      const cut = scan(BODY, cuts);
      expect([cut.passed, cut.scanner.done, cut.scanner.trailers]).toEqual([
        whole.passed,
        true,
        whole.scanner.trailers,
      ]);
    }),
  );
  const every = Array.from(BODY, (_, i) => i);
  expect(scan(BODY, every).passed).toBe(whole.passed);
});

describe('what is no chunk breaks', () => {
  test.each([
    '\r\n',
    'x\r\n',
    '-1\r\n',
    '+1\r\na\r\n',
    '0x1\r\na\r\n',
    ' 1\r\na\r\n',
    '1 x\r\na\r\n',
    '1\x0b\r\na\r\n',
    '1\na\n',
    '1\r\rna',
    '1\r\nab\r\n',
    '1\r\na\n0\r\n\r\n',
    '1;\r\na\r\n',
    '1; \r\na\r\n',
    '1 ; ;\r\na\r\n',
    '1;a=\x01\r\na\r\n',
    '1;a b\r\na\r\n',
    '11111111111111111\r\n',
    'fffffffffffffff\r\n',
    '0\r\n\rX',
    '0\r\n X: folded\r\n\r\n',
    '0\r\nX\r\n\r\n',
    '0\r\nContent-Length: 0\r\n\r\n',
    '0\r\nX: 1\r\ntransfer-encoding: chunked\r\nY: 2\r\n\r\n',
    '0\r\nX : 1\r\n\r\n',
    '0\r\nX: a\nb\r\n\r\n',
    `1;${'a'.repeat(EXTENSION_BYTES_MAX)}\r\na\r\n`,
    `0\r\nX: ${'a'.repeat(TRAILER_BYTES_MAX)}\r\n\r\n`,
  ])('%j', (text) => {
    expect(scan(text).scanner.broken).toBe(true);
    expect(
      scan(
        text,
        Array.from(text, (_, i) => i),
      ).scanner.broken,
    ).toBe(true);
  });
  test('extensions without end', () => {
    const chunk = `1;${'a'.repeat(200)}\r\nb\r\n`;
    expect(scan(chunk.repeat(Math.floor(EXTENSIONS_BYTES_MAX / 201))).scanner.broken).toBe(false);
    expect(scan(chunk.repeat(Math.ceil(EXTENSIONS_BYTES_MAX / 201) + 1)).scanner.broken).toBe(true);
  });
});
