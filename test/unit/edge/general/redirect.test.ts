import { expect, test } from 'vitest';
import { redirectAnswer } from '../../../../src/edge/general/redirect.ts';

const deps = { port: 443, serves: (host: string) => host !== 'other.example.com' };
const led = (host: string, method = 'GET', port = 443) => {
  const { status, headers } = redirectAnswer({ method, host, target: '/a%2Fb?c=d' }, { ...deps, port });
  return [status, headers[0] === 'Location' ? headers[1] : undefined];
};

test.each([
  ['shop.example.com', 'https://shop.example.com/a%2Fb?c=d'],
  ['Shop.Example.com:8080', 'https://shop.example.com/a%2Fb?c=d'],
  ['shop.example.com.', 'https://shop.example.com./a%2Fb?c=d'],
  ['203.0.113.9:80', 'https://203.0.113.9/a%2Fb?c=d'],
  ['[2001:db8::1]:80', 'https://[2001:db8::1]/a%2Fb?c=d'],
])('a link to %s leads to %s', (host, location) => {
  expect(led(host)).toEqual([301, location]);
});

test('another method stays what it is', () => {
  expect(led('a.example.com', 'HEAD')[0]).toBe(301);
  expect(led('a.example.com', 'POST')[0]).toBe(308);
  expect(led('a.example.com', 'OPTIONS')[0]).toBe(308);
});

test('another port than that of https is named', () => {
  expect(led('a.example.com', 'GET', 8443)[1]).toBe('https://a.example.com:8443/a%2Fb?c=d');
});

test.each([
  '',
  'evil.com@good.com',
  'evil.com%2f',
  'a..b',
  'a b',
  '[::1',
  '[zz]',
  '[1.2.3.4]',
  'evil;com',
  'a,b',
  '!$&',
  '-',
])('nothing leads to %j', (host) => {
  expect(led(host)).toEqual([400, undefined]);
});

test('where no service is, nobody is led', () => {
  expect(led('other.example.com')).toEqual([404, undefined]);
  expect(redirectAnswer({ method: 'OPTIONS', host: 'a.example.com', target: '*' }, deps).status).toBe(404);
});
