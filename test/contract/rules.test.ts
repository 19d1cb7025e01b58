import { expect } from 'vitest';
import { arrived, contract, refusedWith, type Scenario, told } from './contract.ts';
import type { Observation } from './stage.ts';

/** What a service changes in messages: the same on whichever engine a request goes. */

const valuesOf = (headers: readonly string[], name: string): string[] =>
  headers
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 2));
const sent = (seen: Observation, name: string) => valuesOf(arrived(seen).headers, name);
const got = (seen: Observation, name: string) => valuesOf(seen.clients[0]?.answers[0]?.headers ?? [], name);
const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: shop.example\r\n${more}\r\n`;
const answering = (...lines: string[]): NonNullable<Scenario['origins']> => [
  { answer: `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}Content-Length: 2\r\n\r\nok` },
];

contract('the origin’s name', [
  {
    name: 'client: the Host that was asked for, as ever',
    service: '    host: client',
    play: get('/'),
    expect: (seen) => expect(sent(seen, 'Host')).toEqual(['shop.example']),
  },
  {
    name: 'upstream: the endpoint’s own, and the client’s in X-Forwarded-Host',
    service: '    host: upstream',
    play: get('/'),
    expect: (seen) => {
      expect(sent(seen, 'Host')[0]).toBe('(origin)');
      expect(sent(seen, 'X-Forwarded-Host')).toEqual(['shop.example']);
      expect(seen.records).toEqual(['GET / 200 complete [aws success 200]']);
    },
  },
  {
    name: 'a name, with a body on the way and another attempt behind it',
    service: '    host: Shop.Internal:8443',
    origins: [{ answer: 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n' }, {}],
    play: 'PUT /a HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 4\r\n\r\nbody',
    expect: (seen) => {
      for (const origin of seen.origins) {
        expect(origin.map(({ headers, body }) => [valuesOf(headers, 'Host'), body])).toEqual([
          [['shop.internal:8443'], 'body'],
        ]);
      }
      expect(told(seen)).toEqual(['200 ok']);
    },
  },
  {
    name: 'what an endpoint calls itself is the client’s host in Location, Content-Location and cookies',
    service: '    host: app.internal',
    origins: answering(
      'Location: http://app.internal/login?next=/a',
      'Content-Location: /a',
      'Set-Cookie: a=b; Domain=app.internal; Path=/x',
      'Set-Cookie: c=d',
    ),
    play: get('/a'),
    expect: (seen) => {
      expect(got(seen, 'Location')).toEqual(['http://shop.example/login?next=/a']);
      expect(got(seen, 'Content-Location')).toEqual(['/a']);
      expect(got(seen, 'Set-Cookie')).toEqual(['a=b; Path=/x', 'c=d']);
    },
  },
  {
    name: 'a client of HTTP/1.0 without a Host gets paths alone',
    service: '    host: app.internal',
    origins: answering('Location: http://app.internal/login'),
    play: 'GET /a HTTP/1.0\r\n\r\n',
    expect: (seen) => {
      expect(sent(seen, 'Host')).toEqual(['app.internal']);
      expect(sent(seen, 'X-Forwarded-Host')).toEqual([]);
      expect(got(seen, 'Location')).toEqual(['/login']);
    },
  },
]);

const HEADERS = `    headers:
      request:
        set: { X-Client: "\${client.address}", X-Place: "\${cloud}/\${endpoint.region}", User-Agent: edge, X-Country: "\${client.country}" }
        add: { Accept: text/plain }
        remove: [X-Debug, Referer]
      response:
        set: { Server: "\${service}", X-Frame-Options: DENY, Cache-Control: "public, max-age=60" }
        add: { Vary: X-Added }
        remove: [X-Powered-By]`;

contract('header rules', [
  {
    name: 'requests: set, added and removed, whatever the client said',
    service: HEADERS,
    play: get(
      '/a?b',
      'x-client: 1.2.3.4\r\nX-Client: 5\r\nX-DEBUG: 1\r\nAccept: a/b\r\nUser-agent: c\r\nReferer: x\r\nReferers: kept\r\nx-country: XX\r\n',
    ),
    expect: (seen) => {
      expect(arrived(seen).start).toBe('GET /a?b HTTP/1.1');
      expect(sent(seen, 'X-Client')).toEqual(['127.0.0.1']);
      expect(sent(seen, 'X-Place')).toEqual(['aws/us-east-1']);
      expect(sent(seen, 'User-Agent')).toEqual(['edge']);
      expect(sent(seen, 'Accept')).toEqual(['a/b', 'text/plain']);
      expect([sent(seen, 'X-Debug'), sent(seen, 'Referer'), sent(seen, 'Referers')]).toEqual([[], [], ['kept']]);
      // Nobody knows where loopback is.
      expect(sent(seen, 'X-Country')).toEqual([]);
    },
  },
  {
    name: 'the value of a request is that of this request',
    service: '    headers: { request: { set: { X-Id: "<${request.id}>" } } }',
    edge: ', trust_proxies: [loopback]',
    play: get('/', 'X-Request-Id: mine\r\n'),
    expect: (seen) => expect(sent(seen, 'X-Id')).toEqual(['<mine>']),
  },
  {
    name: 'answers: set, added and removed',
    service: HEADERS,
    origins: answering(
      'Server: a',
      'server: b',
      'X-Powered-By: c',
      'Vary: d',
      'Cache-Control: no-store',
      'Date: today',
    ),
    play: get('/'),
    expect: (seen) => {
      expect(got(seen, 'Server')).toEqual(['shop']);
      expect(got(seen, 'X-Frame-Options')).toEqual(['DENY']);
      expect(got(seen, 'Vary')).toEqual(['d', 'X-Added']);
      expect(got(seen, 'X-Powered-By')).toEqual([]);
      expect(got(seen, 'Cache-Control')).toEqual(['public, max-age=60']);
      expect(told(seen)).toEqual(['200 ok']);
    },
  },
  {
    name: 'answers in chunks, to HEAD, without a body and until the end of the connection keep their framing',
    service: HEADERS,
    methods: ['GET', 'HEAD', 'GET', 'GET'],
    origins: [
      {
        answer: (_, connection, nth) =>
          nth === 0
            ? connection.answer(
                'HTTP/1.1 200 OK\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n',
              )
            : nth === 1
              ? connection.answer('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
              : nth === 2
                ? connection.answer('HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n')
                : connection.finish('HTTP/1.1 200 OK\r\n\r\nto the end'),
      },
    ],
    play: async ({ client }) => {
      const one = await client('GET', 'HEAD', 'GET', 'GET');
      await one.writeApart([get('/'), get('/').replace('GET', 'HEAD'), get('/'), get('/')]);
      await one.answered(4);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok', '200 ', '204 ', '200 to the end']);
      for (const { headers } of seen.clients[0]?.answers ?? []) expect(valuesOf(headers, 'Server')).toEqual(['shop']);
    },
  },
  {
    name: 'an answer of this edge’s own gets what it does not say itself',
    service: HEADERS,
    origins: [{ answer: (_, { socket }) => void socket.destroy() }],
    play: 'POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^502/);
      expect(got(seen, 'X-Frame-Options')).toEqual(['DENY']);
      expect(got(seen, 'Cache-Control')).toEqual(['no-store']);
      expect(got(seen, 'Proxy-Status')).toHaveLength(1);
    },
  },
  {
    name: 'an answer that comes again and again is ruled anew each time, for whoever asks',
    service: '    headers: { response: { add: { X-For: "${client.address}" } } }\n    host: app.internal',
    edge: ', trust_proxies: [loopback]',
    origins: answering('Location: http://app.internal/x', 'Date: today'),
    play: async ({ client }) => {
      const one = await client('GET', 'GET', 'GET', 'GET');
      for (const [i, from] of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.9'].entries()) {
        await one.writeApart([get('/', `X-Forwarded-For: ${from}\r\n`)]);
        await one.answered(i + 1);
      }
    },
    expect: (seen) => {
      const answers = seen.clients[0]?.answers ?? [];
      expect(answers.map(({ headers }) => valuesOf(headers, 'X-For'))).toEqual([
        ['192.0.2.1'],
        ['192.0.2.1'],
        ['192.0.2.1'],
        ['192.0.2.9'],
      ]);
      for (const { headers } of answers) expect(valuesOf(headers, 'Location')).toEqual(['http://shop.example/x']);
    },
  },
  {
    name: 'interim answers pass as they come',
    service: HEADERS,
    origins: [
      {
        answer: (_, connection) =>
          connection.answer(
            'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
          ),
      },
    ],
    play: get('/'),
    expect: (seen) => {
      expect(seen.clients[0]?.answers.map(({ start }) => start.slice(9, 12)).at(-1)).toBe('200');
    },
  },
]);

contract('HSTS', [
  {
    name: 'is not said on a plain connection, where the endpoint’s own word passes',
    service: '    hsts: subdomains',
    origins: answering('Strict-Transport-Security: max-age=1'),
    play: get('/'),
    expect: (seen) => expect(got(seen, 'Strict-Transport-Security')).toEqual(['max-age=1']),
  },
  {
    name: 'is said where a trusted proxy has spoken TLS, in place of what the endpoint says',
    service: '    hsts: subdomains',
    edge: ', trust_proxies: [loopback]',
    origins: answering('strict-transport-security: max-age=1'),
    play: get('/', 'X-Forwarded-Proto: https\r\n'),
    expect: (seen) => expect(got(seen, 'Strict-Transport-Security')).toEqual(['max-age=31536000; includeSubDomains']),
  },
]);

contract('Alt-Svc', [
  {
    name: 'is not said on a plain connection, where the endpoint’s own word passes',
    service: '    alt_svc: clear',
    origins: answering('Alt-Svc: h3=":1"'),
    play: get('/'),
    expect: (seen) => expect(got(seen, 'Alt-Svc')).toEqual(['h3=":1"']),
  },
  {
    name: 'is said over https in place of what the endpoint says',
    service: `    alt_svc: 'h3=":443"; ma=60'`,
    edge: ', trust_proxies: [loopback]',
    origins: answering('alt-svc: h3=":1"'),
    play: get('/', 'X-Forwarded-Proto: https\r\n'),
    expect: (seen) => expect(got(seen, 'Alt-Svc')).toEqual(['h3=":443"; ma=60']),
  },
]);

const STRIP = '    match: { prefix: /api }\n    path: { strip_prefix: /api, add_prefix: /v2 }';
const asked = (target: string, expected: string): Scenario => ({
  name: `${target} is ${expected}`,
  service: STRIP,
  play: get(target),
  expect: (seen) => {
    expect(arrived(seen).start).toBe(`GET ${expected} HTTP/1.1`);
    expect(seen.records).toEqual([`GET ${target} 200 complete [aws success 200]`]);
  },
});

contract('path rules', [
  asked('/api/a?b=/api', '/v2/a?b=/api'),
  asked('/api', '/v2/'),
  asked('/api?', '/v2/?'),
  asked('/%61pi/a%2Fb//c/./d;e', '/v2/a%2Fb//c/./d;e'),
  asked('/api/%zz"<>', '/v2/%zz"<>'),
  {
    name: 'a path that climbs out is refused, and the connection goes on',
    service: '    path: { add_prefix: /v2 }',
    play: [get('/../secret'), get('/%2e%2e%2fsecret'), get('/a')],
    answers: 3,
    expect: (seen) => {
      expect(told(seen).map((text) => text.slice(0, 3))).toEqual(['400', '400', '200']);
      expect(seen.origins[0]).toHaveLength(1);
      expect(got(seen, 'Proxy-Status')[0]).toMatch(/error=http_request_error/);
    },
  },
  {
    name: 'Location and the paths of cookies are those of the client',
    service: STRIP,
    origins: answering('Location: /v2/login?x', 'Set-Cookie: a=b; Path=/v2/x', 'Set-Cookie: c=d; Path=/v2'),
    play: get('/api/a'),
    expect: (seen) => {
      expect(got(seen, 'Location')).toEqual(['/api/login?x']);
      expect(got(seen, 'Set-Cookie')).toEqual(['a=b; Path=/api/x', 'c=d; Path=/api']);
    },
  },
  {
    name: 'OPTIONS * is about this edge all the same',
    service: STRIP,
    play: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => expect(told(seen)).toEqual(['204 ']),
  },
]);

const redirected =
  (location: string, status = '308') =>
  (seen: Observation) => {
    expect(told(seen)[0]?.slice(0, 3)).toBe(status);
    expect(got(seen, 'Location')).toEqual([location]);
    expect(got(seen, 'X-Request-Id')).toHaveLength(1);
    expect(seen.origins.flat()).toEqual([]);
    expect(seen.records).toEqual([expect.stringMatching(new RegExp(`^\\w+ \\S+ ${status} complete \\[\\]$`))]);
  };

contract('redirects', [
  {
    name: 'to another host, path and query kept byte for byte',
    service: '    redirect: { host: shop.example }',
    play: 'GET /a%2Fb//c?d=%zz HTTP/1.1\r\nHost: www.shop.example:8080\r\n\r\n',
    expect: redirected('http://shop.example/a%2Fb//c?d=%zz'),
  },
  {
    name: 'to https, without the port of http',
    service: '    redirect: { scheme: https, status: 301 }\n    hsts: on',
    play: 'GET /a HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n',
    expect: redirected('https://shop.example/a', '301'),
  },
  {
    name: 'a request that is there already goes on to the endpoints',
    service: '    redirect: { scheme: https, host: shop.example }',
    edge: ', trust_proxies: [loopback]',
    play: 'GET /a HTTP/1.1\r\nHost: SHOP.example\r\nX-Forwarded-Proto: https\r\n\r\n',
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
  {
    name: 'by paths, and what has none of them goes on',
    service: '    redirect: { path: { replace: { /old: /new } }, status: 302 }',
    play: [get('/old/a?b'), get('/other')],
    answers: 2,
    expect: (seen) => {
      expect(got(seen, 'Location')).toEqual(['http://shop.example/new/a?b']);
      expect(told(seen).map((text) => text.slice(0, 3))).toEqual(['302', '200']);
    },
  },
  {
    name: 'with a body, which nobody reads, and nothing behind it',
    service: '    redirect: { host: shop.example }',
    methods: ['POST'],
    play: 'POST /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbodyGET /c HTTP/1.1\r\nHost: b\r\n\r\n',
    expect: (seen) => expect(told(seen)[0]?.slice(0, 3)).toBe('308'),
  },
]);

contract('upgrades by rules', [
  {
    name: 'are asked for under the rules, and answered under them',
    service: `${HEADERS}\n    host: app.internal\n    path: { add_prefix: /ws }`,
    origins: [
      {
        answer: (_, connection) =>
          connection.answer(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\nServer: y\r\nSet-Cookie: a=b; Path=/ws/c\r\n\r\n',
          ),
      },
    ],
    play: async ({ client }) => {
      const one = await client('GET');
      await one.writeApart([get('/c', 'Connection: Upgrade\r\nUpgrade: x\r\n')]);
      await one.answered(1);
    },
    expect: (seen) => {
      expect(arrived(seen).start).toBe('GET /ws/c HTTP/1.1');
      expect(sent(seen, 'Host')).toEqual(['app.internal']);
      expect(got(seen, 'Server')).toEqual(['shop']);
      expect(got(seen, 'Set-Cookie')).toEqual(['a=b; Path=/c']);
    },
  },
]);

contract('refusals by rules', [
  {
    name: 'a service that none takes has no rules',
    service: `${HEADERS}\n    match: { hosts: [other.example] }`,
    play: 'GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n',
    expect: (seen, engine, front) => {
      refusedWith(404)(seen, engine, front);
      expect(got(seen, 'X-Frame-Options')).toEqual([]);
    },
  },
]);
