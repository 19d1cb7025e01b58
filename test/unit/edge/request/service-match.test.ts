import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServiceMatcher } from '../../../../src/edge/request/service-match.ts';
import { headOf } from '../../../support/request.ts';

/** A matcher over services named for what they match: `matcher('a.com/', '*.b.com/x', '/y')`. */
function matcher(...services: readonly string[]): ServiceMatcher<string> {
  return new ServiceMatcher(
    services.map((name) => {
      const slash = name.indexOf('/');
      const host = name.slice(0, slash);
      const hosts = host === '' ? [] : host.split('|');
      return [{ match: [{ hosts, prefixes: [name.slice(slash)], paths: [], conditions: undefined }] }, name] as const;
    }),
  );
}

describe('by host', () => {
  const services = matcher('shop.example.com|store.example.com/', '*.example.com/', '*.eu.example.com/', '[::1]/', '/');

  test.each([
    ['shop.example.com', 'shop.example.com|store.example.com/'],
    ['store.example.com', 'shop.example.com|store.example.com/'],
    ['SHOP.Example.COM', 'shop.example.com|store.example.com/'],
    ['shop.example.com:8080', 'shop.example.com|store.example.com/'],
    ['shop.example.com.', 'shop.example.com|store.example.com/'],
    ['shop.example.com.:8080', 'shop.example.com|store.example.com/'],
    ['blog.example.com', '*.example.com/'],
    ['a.b.example.com:80', '*.example.com/'],
    ['shop.eu.example.com', '*.eu.example.com/'],
    ['eu.example.com', '*.example.com/'],
    // A wildcard stands for at least one label.
    ['example.com', '/'],
    ['notexample.com', '/'],
    ['[::1]', '[::1]/'],
    ['[::1]:8080', '[::1]/'],
    ['10.0.0.1', '/'],
    ['', '/'],
  ])('%s → %s', (host, name) => {
    expect(services.find(host, '/any')).toBe(name);
  });

  test('nothing matches what nobody asked for', () => {
    expect(matcher('a.com/').find('b.com', '/')).toBeUndefined();
    expect(matcher().find('b.com', '/')).toBeUndefined();
  });
});

describe('by more than that', () => {
  const service = (...match: object[]) => ({
    match: match.map((rule) => ({ hosts: [], prefixes: ['/'], paths: [], conditions: undefined, ...rule })),
  });
  const asking = (method: string) => ({ head: headOf({ method }), address: () => '', country: () => '' });
  const posts = {
    conditions: {
      flag: undefined,
      certificate: undefined,
      cidrs: [],
      countries: [],
      methods: ['POST'],
      headers: [],
      query: [],
    },
  };
  const services = new ServiceMatcher([
    [service({}), 'all'],
    [service({ hosts: ['a.com'], prefixes: ['/api'] }, { hosts: ['a.com'], prefixes: ['/api'], ...posts }), 'api'],
    [service({ hosts: ['a.com'], prefixes: [], paths: ['/api/x'], ...posts }), 'exact'],
  ]);

  test('the one that asks for more goes first, and where it does not hold the next is looked at', () => {
    expect(services.match('a.com', '/api/y', asking('POST'))).toMatchObject({ value: 'api', rule: 1 });
    expect(services.match('a.com', '/api/y', asking('GET'))).toMatchObject({ value: 'api', rule: 0 });
    expect(services.find('a.com', '/api/%78', asking('POST'))).toBe('exact');
    expect(services.find('a.com', '/api/x', asking('GET'))).toBe('api');
    expect(services.find('a.com', '/', asking('GET'))).toBe('all');
  });

  test('without a request to ask, nothing that asks for more holds', () => {
    expect(services.match('a.com', '/api/x')).toMatchObject({ value: 'api', rule: 0 });
    expect([services.isConditional, matcher('a.com/x').isConditional]).toEqual([true, false]);
  });
});

describe('by prefix', () => {
  const services = matcher('/', '/api', '/api/v2', '/files/', 'a.com/only');

  test.each([
    ['/', '/'],
    ['/api', '/api'],
    ['/api/', '/api'],
    ['/api?x=/api/v2', '/api'],
    ['/api/v2', '/api/v2'],
    ['/api/v2/x', '/api/v2'],
    ['/apix', '/'],
    ['/API', '/'],
    ['/api/v22', '/api'],
    ['/files/a', '/files/'],
    ['/files', '/'],
    ['/filesystem', '/'],
  ])('%s → %s', (target, name) => {
    expect(services.find('x.com', target)).toBe(name);
  });

  test('a host’s own prefix comes before everybody’s', () => {
    expect(services.find('a.com', '/only/x')).toBe('a.com/only');
    expect(services.find('a.com', '/api')).toBe('/api');
  });
});

describe('a path is understood as an origin will understand it', () => {
  const services = matcher('/public', '/admin');

  test.each([
    '/public/../admin',
    '/public/..%2fadmin',
    '/public/..%2Fadmin/x',
    '/public/%2e%2e/admin',
    '/public/%2E%2e%2fadmin',
    '/public/..\\admin',
    '/public/..%5cadmin',
    '/public/./../admin',
    '/public//../admin',
    '/public/x/../../admin',
    '//admin',
    '/./admin',
    '/%61dmin',
    '/admin/../public/../admin',
    '/../../admin',
    '/public/../admin?/public',
    '/public/..;/admin',
    '/public/..;a=b/admin',
  ])('%s is /admin', (target) => {
    expect(services.find('x.com', target)).toBe('/admin');
  });

  test.each(['/public/..admin', '/public/admin', '/public/...', '/public/%252e%252e/admin', '/public/?../admin'])(
    '%s is /public',
    (target) => {
      expect(services.find('x.com', target)).toBe('/public');
    },
  );

  test.each(['/other', '/public/../other', '/publicly', '/public/..', '/'])('%s is nobody’s', (target) => {
    expect(services.find('x.com', target)).toBeUndefined();
  });

  test('a slash at the end survives being tidied', () => {
    expect(matcher('/files/').find('x.com', '/./files/')).toBe('/files/');
    expect(matcher('/files/').find('x.com', '/files/.')).toBe('/files/');
  });

  test('however it is written, a path that comes out of /public is not taken for it', () => {
    const up = fc.constantFrom('..', '%2e.', '.%2E', '%2e%2e', '..;', '..;x=1');
    const slash = fc.constantFrom('/', '%2f', '%2F', '\\', '%5c', '//', '/./');
    const step = fc.constantFrom('', 'a', 'b.c');
    fc.assert(
      fc.property(up, slash, slash, step, (dots, before, after, in1) => {
        const way = in1 === '' ? '' : `${before}${in1}${before}${dots}`;
        const target = `/public${way}${before}${dots}${after}admin`;
        expect(services.find('x.com', target)).toBe('/admin');
      }),
    );
  });
});

test('with every prefix /, paths are not looked at', () => {
  expect(matcher('a.com/').find('a.com', '*')).toBe('a.com/');
});
