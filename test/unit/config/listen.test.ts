import { expect, test } from 'vitest';
import { listenAddress } from '../../../src/config/listen.ts';

test.each([
  ['0.0.0.0:8080', '0.0.0.0', 8080],
  [':8080', '0.0.0.0', 8080],
  ['[::]:8080', '::', 8080],
  ['[2001:db8::1]:443', '2001:db8::1', 443],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['LocalHost:65535', 'localhost', 65_535],
])('%s', (text, host, port) => {
  expect(listenAddress.read(text)).toEqual({ ok: true, value: { host, port } });
});

test.each([
  [8080, 'did you mean ":8080"?'],
  ['*:8080', 'did you mean "0.0.0.0:8080"?'],
  ['::1:8080', 'did you mean "[::1]:8080"?'],
  ['0.0.0.0', 'must be an address and port'],
  ['0.0.0.0:65536', 'has port 65536; ports go from 0 to 65535'],
  ['256.0.0.1:80', 'must be an address and port'],
  ['[10.0.0.1]:80', 'must be an address and port'],
  ['a b:80', 'must be an address and port'],
  ['host:http', 'must be an address and port'],
])('%s is refused with the way out', (value, message) => {
  const read = listenAddress.read(value);
  expect(read.ok ? 'taken' : read.faults[0]?.message).toContain(message);
});
