import { expect, test } from 'vitest';
import { InterimWatch } from '../../../../src/edge/upstream/undici-continue.ts';

const FINAL = 'HTTP/1.1 200 OK\r\nX: HTTP/1.1 100\r\n\r\nHTTP/1.1 100 body';

function seen(text: string, size: number): string {
  const watch = new InterimWatch();
  watch.begin();
  let out = '';
  for (let i = 0; i < text.length; i += size) {
    const piece = Buffer.from(text.slice(i, i + size));
    watch.see(piece);
    out += piece.toString();
  }
  return out;
}

test.each([1, 2, 3, 7, 12, 1000])(
  'a 100 before an answer is a 109, in pieces of %i; nothing else is touched',
  (size) => {
    const interim = 'HTTP/1.1 100 Continue\r\nX: 100\r\n\r\n';
    const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    expect(seen(FINAL, size)).toBe(FINAL);
    expect(seen(interim + FINAL, size)).toBe(interim.replace(' 100 ', ' 109 ') + FINAL);
    expect(seen(interim + interim + FINAL, size)).toBe(interim.replace(' 100 ', ' 109 ').repeat(2) + FINAL);
    expect(seen(`HTTP/1.0 100 Continue\r\n\r\n${FINAL}`, size)).toBe(`HTTP/1.0 109 Continue\r\n\r\n${FINAL}`);
    expect(seen(hints + FINAL, size)).toBe(hints + FINAL);
  },
);

test('what comes unasked is left alone', () => {
  const watch = new InterimWatch();
  const bytes = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
  watch.see(bytes);
  expect(bytes.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
});
