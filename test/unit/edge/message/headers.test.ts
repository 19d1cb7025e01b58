import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientResponseHeaders, keptTrailers, upstreamRequestHeaders } from '../../../../src/edge/message/headers.ts';
import { joinedHeader } from '../../../../src/edge/message/request-head.ts';
import { headOf } from '../../../support/request.ts';

const HOP_BY_HOP = [
  'Connection',
  'Keep-Alive',
  'Proxy-Connection',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
];
const forwarding = { trustedPeer: false, requestId: 'id-1', traceparent: 'trace-1', pseudonym: 'meridian-iad-1' };

function upstream(headers: readonly string[], more: Partial<typeof forwarding> = {}): string[] {
  return upstreamRequestHeaders(headOf({ headers }), { ...forwarding, ...more }, 'origin.example');
}

/** The headers without those that the edge writes itself. */
const OURS = ['host', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via', 'traceparent', 'x-request-id'];
function passed(headers: readonly string[]): string[] {
  const out = upstream(headers);
  return out.filter((_, i) => !OURS.includes((out[i - (i % 2)] as string).toLowerCase()));
}

const value = (headers: readonly string[], name: string) => joinedHeader(headers, name);

describe('to the endpoint', () => {
  test('everything else goes on as it came: spelling, order, repetitions', () => {
    const headers = [
      'ACCEPT',
      'a',
      'Cookie',
      'x=1',
      'accept',
      'b',
      'cookie',
      'y=2',
      'X-Empty',
      '',
      'Content-Length',
      '3',
    ];
    expect(passed(headers)).toEqual(headers);
  });

  test.each(HOP_BY_HOP)('%s goes no further', (name) => {
    expect(passed(['Accept', 'a', name, 'x', name.toLowerCase(), 'y'])).toEqual(['Accept', 'a']);
  });

  test.each(['Expect', 'HTTP2-Settings'])('%s is answered here', (name) => {
    expect(passed([name, 'x'])).toEqual([]);
  });

  test('what Connection names goes no further, however it is written', () => {
    const headers = ['X-Secret', '1', 'Connection', 'close, x-secret ,X-OTHER', 'connection', 'third', 'x-other', '2'];
    expect(passed([...headers, 'Third', '3', 'X-Kept', '4'])).toEqual(['X-Kept', '4']);
  });

  test('close and keep-alive name no header', () => {
    expect(passed(['Connection', 'close, keep-alive, ,', 'Close', '1'])).toEqual(['Close', '1']);
  });

  test('a body’s length cannot be named away', () => {
    expect(passed(['Connection', 'content-length', 'Content-Length', '5'])).toEqual(['Content-Length', '5']);
  });

  test('a client that takes trailers is said to, and nothing else of TE', () => {
    expect(passed(['TE', 'gzip;q=0.5, Trailers', 'Connection', 'TE'])).toEqual(['Connection', 'TE', 'TE', 'trailers']);
    expect(passed(['TE', 'gzip'])).toEqual([]);
  });

  test('there is one Host, first, and it is the request’s', () => {
    const out = upstream(['Accept', 'a', 'Host', 'shop.example.com', 'host', 'evil.example.com']);
    expect(out.slice(0, 2)).toEqual(['Host', 'shop.example.com']);
    expect(out.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')).toHaveLength(1);
  });
});

describe('where the request came from', () => {
  const claims = [
    'X-Forwarded-For',
    '8.8.8.8',
    'X-Forwarded-Proto',
    'https',
    'X-Forwarded-Host',
    'public.example.com',
    'X-Forwarded-Port',
    '443',
    'X-Forwarded-Prefix',
    '/shop',
    'X-Real-IP',
    '8.8.8.8',
    'Forwarded',
    'for=8.8.8.8',
  ];

  test('a stranger’s word is overwritten', () => {
    const out = upstream([...claims, 'x-forwarded-for', '9.9.9.9']);
    expect(value(out, 'x-forwarded-for')).toBe('203.0.113.9');
    expect(value(out, 'x-forwarded-proto')).toBe('http');
    expect(value(out, 'x-forwarded-host')).toBe('shop.example.com');
    for (const name of ['x-forwarded-port', 'x-forwarded-prefix', 'x-real-ip', 'forwarded']) {
      expect(value(out, name)).toBeUndefined();
    }
  });

  test('a trusted proxy’s word is kept, and its own address added', () => {
    const out = upstream([...claims, 'x-forwarded-for', '9.9.9.9'], { trustedPeer: true });
    expect(value(out, 'x-forwarded-for')).toBe('8.8.8.8, 9.9.9.9, 203.0.113.9');
    expect(value(out, 'x-forwarded-proto')).toBe('https');
    expect(value(out, 'x-forwarded-host')).toBe('public.example.com');
    expect(value(out, 'x-forwarded-port')).toBe('443');
    expect(value(out, 'forwarded')).toBe('for=8.8.8.8');
  });

  test('a trusted proxy that says nothing is filled in for', () => {
    const out = upstream([], { trustedPeer: true });
    expect(value(out, 'x-forwarded-for')).toBe('203.0.113.9');
    expect(value(out, 'x-forwarded-proto')).toBe('http');
  });

  test('Via is appended to, and says what was spoken', () => {
    expect(value(upstream([]), 'via')).toBe('1.1 meridian-iad-1');
    expect(value(upstream(['Via', '1.0 a', 'via', '1.1 b']), 'via')).toBe('1.0 a, 1.1 b, 1.1 meridian-iad-1');
    expect(value(upstreamRequestHeaders(headOf({ version: '1.0' }), forwarding, ''), 'via')).toBe('1.0 meridian-iad-1');
  });

  test('what takes trailers says so by Connection as well', () => {
    const out = upstream(['TE', 'gzip, trailers;q=1', 'te', 'trailers', 'Connection', 'TE, close']);
    expect([value(out, 'connection'), value(out, 'te')]).toEqual(['TE', 'trailers']);
    expect(value(upstream(['TE', 'gzip']), 'connection')).toBeUndefined();
  });

  test('forwards are counted down for TRACE and OPTIONS, and for nothing else', () => {
    const left = (method: string, said: string) =>
      value(
        upstreamRequestHeaders(headOf({ method, headers: ['Max-Forwards', said] }), forwarding, ''),
        'max-forwards',
      );
    expect(['3', '1', '0', 'x', '-1'].map((said) => left('OPTIONS', said))).toEqual(['2', '0', '0', 'x', '-1']);
    expect([left('TRACE', '10'), left('GET', '10')]).toEqual(['9', '10']);
  });

  test('a request without a Host is for the endpoint’s own authority', () => {
    const out = upstreamRequestHeaders(headOf({ host: '', version: '1.0' }), forwarding, 'origin.example:81');
    expect([value(out, 'host'), value(out, 'x-forwarded-host')]).toEqual(['origin.example:81', undefined]);
  });

  test.each([false, true])(
    'imitations of what this edge says or drops go no further; trusted peer: %s',
    (trustedPeer) => {
      const imitations = ['X_Forwarded_For', 'x-forwarded_proto', 'X_FORWARDED_HOST', 'X_Real_IP', 'X_Request_Id'];
      const more = [
        'Content_Length',
        'Transfer_Encoding',
        'Proxy_Authorization',
        'Keep_Alive',
        'X_Forwarded_Port',
        'X.Forwarded.For',
        'Proxy',
      ];
      const out = upstream([...[...imitations, ...more].flatMap((name) => [name, '6']), 'X_Mine', '1'], {
        trustedPeer,
      });
      expect(out.filter((_, i) => /[_.]|^proxy$/i.test(out[i - (i % 2)] as string))).toEqual(['X_Mine', '1']);
    },
  );

  test('the request’s id replaces what came', () => {
    expect(value(upstream(['X-Request-Id', 'forged']), 'x-request-id')).toBe('id-1');
  });
});

describe('to the client', () => {
  test('everything else comes back as it was sent: spelling, order, repetitions', () => {
    const headers = [
      'Set-Cookie',
      'a=1',
      'ETag',
      '"x"',
      'set-cookie',
      'b=2',
      'Via',
      '1.1 origin',
      'Content-Length',
      '0',
    ];
    expect(clientResponseHeaders(headers, false)).toEqual(headers);
  });

  test.each(HOP_BY_HOP)('%s goes no further', (name) => {
    expect(clientResponseHeaders([name, 'x', 'ETag', '"x"'], false)).toEqual(['ETag', '"x"']);
  });

  test('what Connection names goes no further, but a length that is named stays', () => {
    const headers = ['Connection', 'X-Hop, Content-Length', 'x-hop', '1', 'Content-Length', '4'];
    expect(clientResponseHeaders(headers, false)).toEqual(['Content-Length', '4']);
  });

  test('trailers are announced only where they can be sent', () => {
    expect(clientResponseHeaders(['Trailer', 'X-Sum'], true)).toEqual(['Trailer', 'X-Sum']);
    expect(clientResponseHeaders(['Trailer', 'X-Sum'], false)).toEqual([]);
  });

  test('an endpoint that echoes the request’s id does not double it', () => {
    expect(clientResponseHeaders(['X-Request-ID', 'id-1', 'ETag', '"x"'], false)).toEqual(['ETag', '"x"']);
  });
});

test('whatever Connection says, nothing hop-by-hop or named by it goes either way', () => {
  const name = fc.constantFrom('Accept', 'X-A', 'X-B', 'Cookie', 'Content-Length', 'Authorization', ...HOP_BY_HOP);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.constant('1'))), fc.array(name), (pairs, named) => {
      const headers = [...pairs.flat(), 'Connection', named.join(' , ')];
      for (const out of [passed(headers), clientResponseHeaders(headers, false)]) {
        const names = out.filter((_, i) => i % 2 === 0).map((one) => one.toLowerCase());
        const banned = [...HOP_BY_HOP, ...named.filter((one) => one !== 'Content-Length')];
        for (const one of banned) expect(names).not.toContain(one.toLowerCase());
        const kept = pairs.filter(([one]) => !banned.includes(one));
        expect(names).toEqual(kept.map(([one]) => one.toLowerCase()));
      }
    }),
  );
});

test('trailers say nothing of framing, routing or connection', () => {
  const raw = [
    'X-Sum',
    '1',
    'Content-Length',
    '3',
    'transfer-encoding',
    'chunked',
    'Connection',
    'close',
    'x-sum',
    '2',
    'Host',
    'a',
  ];
  expect(keptTrailers(raw)).toEqual([
    ['X-Sum', '1'],
    ['x-sum', '2'],
  ]);
});
