import { expect, test } from 'vitest';
import { altSvc } from '../../../src/config/alt-svc-kind.ts';

test.each([
  'clear',
  'h3=":443"',
  'h3=":443"; ma=86400',
  'h3=":443";ma=86400;persist=1',
  'h3="alt.example.com:8443"; ma=60, h2=":443"',
  'h2="[2001:db8::1]:443"',
  'w%3Dx%3Ay="a:1"',
])('%s is a value', (written) => {
  expect(altSvc.read(written)).toEqual({ ok: true, value: written });
});

test.each([
  '',
  'Clear',
  'h3',
  'h3=:443',
  'h3="443"',
  'h3=":443',
  'h3=":443"; max-age=60',
  'h3=":443"; ma=a',
  'h3=":443"; persist=0',
  'h3=":443",',
  'clear, h3=":443"',
  'h3=":443"\r\nX-A: b',
  'h3="-a:1"',
  `${'h3=":443", '.repeat(120)}h3=":443"`,
  5,
  true,
])('%j is none', (written) => {
  const read = altSvc.read(written);
  expect(read.ok ? '' : read.faults[0]?.message).toMatch(/^must be an Alt-Svc value such as h3=":443"; ma=86400/);
});

test.each(['h3=":0"', 'h3=":65536"', 'h3=":443", h2="a:99999"'])('%s names no port', (written) => {
  const read = altSvc.read(written);
  expect(read.ok ? '' : read.faults[0]?.message).toMatch(/^names the port \d+; it must be 1 to 65535$/);
});
