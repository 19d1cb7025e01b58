import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathRule } from '../../../../src/edge/message/path-rule.ts';
import { cookieBack, mappedBack, referenceBack, type WayBack } from '../../../../src/edge/message/way-back.ts';

const RULE = pathRule({ stripPrefix: '/api', replace: [], addPrefix: '/v2', set: '' });
const WAY: WayBack = {
  authorities: ['app.run.app', '10.0.0.1:8080'],
  client: { scheme: 'https', host: 'shop.example' },
  path: RULE.back,
};

test.each([
  ['/v2/a?b=c#d', '/api/a?b=c#d'],
  ['/v2', '/api/'],
  ['/login', '/login'],
  ['http://app.run.app/v2/a', 'https://shop.example/api/a'],
  ['HTTPS://APP.run.app:443/v2/a', 'https://shop.example/api/a'],
  ['http://10.0.0.1:8080/v2/a', 'https://shop.example/api/a'],
  ['http://10.0.0.1:9090/v2/a', 'http://10.0.0.1:9090/v2/a'],
  ['//app.run.app/v2/a?x', 'https://shop.example/api/a?x'],
  ['http://app.run.app/elsewhere', 'http://app.run.app/elsewhere'],
  ['http://shop.example/v2/a', 'http://shop.example/api/a'],
  ['https://shop.example:443/v2/a', 'https://shop.example:443/api/a'],
  ['https://other.example/v2/a', 'https://other.example/v2/a'],
  ['a/b', 'a/b'],
  ['?a', '?a'],
  ['#a', '#a'],
  ['', ''],
  ['mailto:a@b.example', 'mailto:a@b.example'],
  ['ftp://app.run.app/v2/a', 'ftp://app.run.app/v2/a'],
  ['http://app.run.app@evil.example/v2', 'http://app.run.app@evil.example/v2'],
  ['http://app.run.app\\.evil.example/v2', 'http://app.run.app\\.evil.example/v2'],
])('%s is %s for the client', (value, expected) => {
  expect(referenceBack(value, WAY)).toBe(expected);
});

test('without paths of its own, only the address is another one', () => {
  const way = { ...WAY, path: (path: string) => path };
  expect(referenceBack('http://app.run.app', way)).toBe('https://shop.example');
  expect(referenceBack('http://app.run.app/a//b?c', way)).toBe('https://shop.example/a//b?c');
  expect(referenceBack('http://app.run.app/a', { ...way, client: { scheme: 'http', host: '' } })).toBe('/a');
});

test.each([
  ['a=b; Path=/v2/x; Secure', 'a=b; Path=/api/x; Secure'],
  ['a=b;path=/v2/', 'a=b;path=/api/'],
  ['a=b; Path=/v2', 'a=b; Path=/api'],
  ['a=b; Path=/other', 'a=b; Path=/other'],
  ['a=b; Path=/', 'a=b; Path=/'],
  ['a=b; Path=', 'a=b; Path='],
  ['a=b; Domain=.app.run.app; HttpOnly', 'a=b; HttpOnly'],
  ['a=b; Domain=shop.example', 'a=b; Domain=shop.example'],
  ['a=b; Domain=run.app', 'a=b; Domain=run.app'],
  ['__Host-a=b; Path=/v2; Secure', '__Host-a=b; Path=/v2; Secure'],
  ['path=/v2/x', 'path=/v2/x'],
  ['a="/v2;x"; Max-Age=1 ;  PATH = /v2/x ', 'a="/v2;x"; Max-Age=1 ;  PATH = /api/x'],
])('the cookie %s is %s', (cookie, expected) => {
  expect(cookieBack(cookie, WAY)).toBe(expected);
});

test('where all of the endpoint is under one path of the client’s, so is a cookie for all of it', () => {
  const way = { ...WAY, path: pathRule({ stripPrefix: '/api', replace: [], addPrefix: '', set: '' }).back };
  expect(cookieBack('a=b; Path=/', way)).toBe('a=b; Path=/api');
});

test('of the lines of a head those three are mapped, and all others stay byte for byte', () => {
  const lines =
    'X-Location: /v2/a\r\nlocation:/v2/a\r\nContent-Location: \t/v2/b\r\nSet-Cookie: a=b; Path=/v2/c\r\nSET-COOKIE: d=e\r\nAge: 1\r\n';
  expect(mappedBack(lines, WAY)).toBe(
    'X-Location: /v2/a\r\nlocation:/api/a\r\nContent-Location: \t/api/b\r\nSet-Cookie: a=b; Path=/api/c\r\nSET-COOKIE: d=e\r\nAge: 1\r\n',
  );
  expect(mappedBack('A: /v2\r\n', WAY)).toBe('A: /v2\r\n');
});

test('no reference makes another line, and a Location of the client’s own side leads to where the endpoint meant', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,20}$/), (text) => {
      const lines = mappedBack(`Location: ${text}\r\nSet-Cookie: ${text}\r\nEnd: 1\r\n`, WAY);
      expect(lines.match(/\r\n/g)).toHaveLength(3);
      expect(lines.endsWith('\r\nEnd: 1\r\n')).toBe(true);
    }),
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^(?:\/[a-z0-9._~%-]{0,4}){1,4}$/),
      fc.stringMatching(/^(?:\?[a-z/]{0,4})?$/),
      (path, query) => {
        fc.pre(RULE.back(`/v2${path}`) !== undefined);
        expect(RULE.forward(referenceBack(`/v2${path}${query}`, WAY))).toBe(`/v2${path}${query}`);
      },
    ),
  );
});
