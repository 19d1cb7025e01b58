import { expect, test } from 'vitest';
import { hostName, hostPattern, isHostName } from '../../../src/config/host-name.ts';

test.each([
  ['shop.example.com', 'shop.example.com'],
  ['SHOP.Example.com', 'shop.example.com'],
  ['*.example.com', '*.example.com'],
  ['localhost', 'localhost'],
  ['my_service.internal', 'my_service.internal'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['10.0.0.1', '10.0.0.1'],
  ['[::1]', '[::1]'],
  ['2001:DB8::1', '[2001:db8::1]'],
])('%s is taken as %s', (given, host) => {
  expect(hostPattern.read(given)).toEqual({ ok: true, value: host });
});

test.each([
  ['*', 'leave out hosts to take every host'],
  ['shop.example.com:8080', 'leave out the port'],
  ['https://shop.example.com', 'leave out the scheme'],
  ['shop.example.com/api', 'which goes into prefix'],
  ['shop.example.com.', 'leave out the last dot'],
  ['shop.*.com', 'a star may only stand for the first labels'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['-shop.example.com', 'must be a host name'],
  ['300.1.1.1', 'must be a host name'],
  ['a..b', 'must be a host name'],
  ['', 'leave out hosts'],
  [5, 'it is the number 5'],
])('%s is refused with the way out', (value, message) => {
  const read = hostPattern.read(value);
  expect(read.ok ? 'taken' : read.faults[0]?.message).toContain(message);
});

test('names have the lengths that DNS has', () => {
  expect(isHostName(`${'a'.repeat(63)}.com`)).toBe(true);
  expect(isHostName(`${'a'.repeat(64)}.com`)).toBe(false);
  expect(isHostName(Array.from({ length: 127 }, () => 'a').join('.'))).toBe(true);
  expect(isHostName(Array.from({ length: 128 }, () => 'a').join('.'))).toBe(false);
});

test('one host name is a name and nothing else', () => {
  expect(hostName.read('Edge-1.Internal')).toEqual({ ok: true, value: 'edge-1.internal' });
  for (const [value, message] of [
    ['*.example.com', 'name each host'],
    ['edge:9901', 'leave out the port'],
    ['10.1.2.3', 'must be a host name'],
    ['', 'must be a host name'],
    [5, 'it is the number 5'],
  ] as const) {
    const read = hostName.read(value);
    expect(read.ok ? 'taken' : read.faults[0]?.message).toContain(message);
  }
});
