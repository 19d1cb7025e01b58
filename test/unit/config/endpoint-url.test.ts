import { expect, test } from 'vitest';
import { endpointUrl } from '../../../src/config/endpoint-url.ts';

test.each([
  ['http://10.0.0.1:8080', 'http', '10.0.0.1', 8080, ''],
  ['http://10.0.0.1', 'http', '10.0.0.1', 80, ''],
  ['https://Shop.Example.com', 'https', 'shop.example.com', 443, ''],
  ['https://shop.example.com:80/', 'https', 'shop.example.com', 80, ''],
  ['HTTP://h/base/', 'http', 'h', 80, '/base'],
  ['http://h:80/a/b//', 'http', 'h', 80, '/a/b'],
  ['http://[2001:db8::1]:8080', 'http', '2001:db8::1', 8080, ''],
  ['http://h/path@at', 'http', 'h', 80, '/path@at'],
])('%s', (text, protocol, host, port, basePath) => {
  expect(endpointUrl.read(text)).toEqual({ ok: true, value: { protocol, host, port, basePath } });
});

test.each([
  ['10.0.0.1:8080', 'begin it with http:// or https://'],
  ['ftp://h', 'has the scheme ftp; only http and https can be forwarded to'],
  ['ws://h', 'has the scheme ws'],
  ['http://h?', 'must have no query'],
  ['http://h/a?b=c', 'must have no query'],
  ['http://h/#', 'must have no fragment'],
  ['http://h:0', 'has port 0'],
  ['http://h:65536', 'must be a URL'],
  ['http://', 'must be a URL'],
  ['http://h h', 'remove spaces and backslashes'],
  ['http:\\\\h', 'begin it with'],
  [80, 'it is the number 80'],
])('%s is refused with the way out', (value, message) => {
  const read = endpointUrl.read(value);
  expect(read.ok ? 'taken' : read.faults[0]?.message).toContain(message);
});

test.each([
  'http://user:hunter2@h',
  'http://hunter2@h/x',
  'user:hunter2@h',
  'ftp://user:hunter2@h',
  'http://user:hunter2@h?q',
])('a password is refused and not shown: %s', (value) => {
  const read = endpointUrl.read(value);
  expect(read.ok).toBe(false);
  expect(JSON.stringify(read)).toContain('no user name or password');
  expect(JSON.stringify(read)).not.toContain('hunter2');
});
