import { describe, expect, test } from 'vitest';
import { authorize, type Caller } from '../../../src/admin/authorize.ts';

const HERE: Caller = {
  peerAddress: '127.0.0.1',
  authorization: undefined,
  host: '127.0.0.1:9901',
  origin: undefined,
  forwarded: false,
};
const AWAY: Caller = { ...HERE, peerAddress: '10.1.2.3', host: 'edge.internal:9901' };
const TOKEN = 'correct-horse';
const HOSTS = ['edge.internal'];

const status = (access: 'anybody' | 'reader' | 'operator', token: string, caller: Partial<Caller>) =>
  authorize(access, { token, hosts: HOSTS }, { ...HERE, ...caller })?.status ?? 200;

describe('with a token', () => {
  test.each([
    [`Bearer ${TOKEN}`, 200],
    [`bearer  ${TOKEN} `, 200],
    [undefined, 401],
    ['', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    [TOKEN, 401],
    [`Basic ${TOKEN}`, 401],
    [`Bearer ${TOKEN}x`, 401],
    [`Bearer ${TOKEN.slice(0, -1)}`, 401],
    [`Bearer x ${TOKEN}`, 401],
  ])('readers and operators need it: %s is %i, from anywhere', (authorization, expected) => {
    for (const caller of [HERE, AWAY]) {
      expect(status('operator', TOKEN, { ...caller, authorization })).toBe(expected);
      expect(status('reader', TOKEN, { ...caller, authorization })).toBe(expected);
      expect(status('anybody', TOKEN, { ...caller, authorization })).toBe(200);
    }
  });

  test('a refusal says how to do it', () => {
    const refusal = authorize('operator', { token: TOKEN, hosts: [] }, HERE);
    expect(refusal?.headers).toEqual({ 'www-authenticate': 'Bearer realm="meridian"' });
    expect(JSON.parse(refusal?.body ?? '')).toMatchObject({
      fix: expect.stringContaining('Authorization: Bearer') as string,
    });
    expect(refusal?.body).not.toContain(TOKEN);
  });
});

test('a Host that is not ours is no matter where the token is asked for', () => {
  const caller = { host: 'evil.example', authorization: `Bearer ${TOKEN}` };
  expect(status('reader', TOKEN, caller)).toBe(200);
});

describe('without a token', () => {
  test('anybody may read', () => {
    expect([status('anybody', '', AWAY), status('reader', '', AWAY)]).toEqual([200, 200]);
  });

  test.each([
    ['an address of this machine', '10.1.2.3:9901', 200],
    ['an IPv6 address', '[2001:db8::1]:9901', 200],
    ['localhost', 'LocalHost:9901', 200],
    ['a name of the file', 'EDGE.internal', 200],
    ['a name that was pointed here', 'evil.example:9901', 403],
    ['a name under one of the file', 'x.edge.internal', 403],
    ['a name that begins like an address', '10.1.2.3.evil.example', 403],
    ['two names', 'edge.internal, evil.example', 403],
    ['no Host', undefined, 403],
    ['an empty Host', '', 403],
  ])('a web page cannot read by DNS: %s is %i', (_, host, expected) => {
    expect(status('reader', '', { host })).toBe(expected);
    expect(status('anybody', '', { host })).toBe(200);
  });

  test.each([
    ['this machine', {}, 200],
    ['this machine by IPv6', { peerAddress: '::1', host: '[::1]:9901' }, 200],
    ['this machine on a socket of both families', { peerAddress: '::ffff:127.0.0.1', host: 'localhost' }, 200],
    ['this machine by another of its loopback addresses', { peerAddress: '127.8.9.10', host: 'LOCALHOST:1' }, 200],
    ['another machine', AWAY, 403],
    ['another machine that says it is this one', { ...AWAY, host: 'localhost' }, 403],
    ['an address that only looks like loopback', { peerAddress: '::ffff:10.0.0.127' }, 403],
    ['a web page in a browser here', { origin: 'https://evil.example' }, 403],
    ['a sandboxed web page', { origin: 'null' }, 403],
    ['a web page whose name was pointed here', { host: 'evil.example:9901' }, 403],
    ['a name that begins like ours', { host: 'localhost.evil.example' }, 403],
    ['a name that begins like an address', { host: '127.0.0.1.evil.example' }, 403],
    ['no host', { host: undefined }, 403],
    ['a reverse proxy here', { forwarded: true }, 403],
    ['a reverse proxy here that says nothing, at its own port', { host: '127.0.0.1:80', localPort: 9901 }, 403],
    ['a reverse proxy here that says nothing, in HTTP/1.0', { httpVersion: '1.0' }, 403],
    ['this machine at the port itself', { localPort: 9901, httpVersion: '1.1' }, 200],
    ['a name that the file allows for reading', { host: 'edge.internal:9901' }, 403],
    ['a web page that hides its origin', { fetchSite: 'cross-site' }, 403],
    ['a web page of another port here', { fetchSite: 'same-site' }, 403],
    ['a person at the address bar', { fetchSite: 'none' }, 200],
    ['no peer address', { peerAddress: '' }, 403],
    ['a token where none is set', { ...AWAY, authorization: 'Bearer x' }, 403],
    ['an empty token where none is set', { ...AWAY, authorization: 'Bearer ' }, 403],
  ] as const)('%s: changes are %s', (_, caller, expected) => {
    expect(status('operator', '', caller)).toBe(expected);
  });
});
