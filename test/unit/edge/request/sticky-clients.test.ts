import { expect, test } from 'vitest';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import { networkOf, StickyClients } from '../../../../src/edge/request/sticky-clients.ts';
import { threeClouds } from '../../../support/topology.ts';

const SECRETS = 'secrets: ["0123456789abcdef0123456789abcdef"]';

function clientsOf(sticky: string): StickyClients {
  const service = threeClouds({ service: `sticky: { ${sticky} }` }).services[0];
  if (service?.sticky === undefined) throw new Error('not sticky');
  return new StickyClients(service, service.sticky);
}
const fields = (...list: string[]) => new ListedFields(list);

test('by client: one address is one client, and so is one /64', () => {
  const clients = clientsOf('by: client');
  const hash = (address: string) => clients.of(fields(), address, 0)?.hash;
  expect(hash('192.0.2.1')).toBe(hash('192.0.2.1'));
  expect(hash('192.0.2.1')).not.toBe(hash('192.0.2.2'));
  expect(hash('2001:db8::1')).toBe(hash('2001:db8:0:0:ffff::2'));
  expect(hash('2001:db8::1')).not.toBe(hash('2001:db8:0:1::1'));
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['2001:0db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['fe80::', 'fe80:0:0:0'],
])('the network of %s is %s', (address, expected) => {
  expect(networkOf(address)).toBe(expected);
});

test('by header: without it a request is for nobody in particular', () => {
  const clients = clientsOf('by: header, header: X-User');
  expect(clients.of(fields(), '192.0.2.1', 0)).toBeUndefined();
  expect(clients.of(fields('X-User', ''), '192.0.2.1', 0)).toBeUndefined();
  const [ann, bob] = ['ann', 'bob'].map((user) => clients.of(fields('X-User', user), '192.0.2.1', 0));
  expect(ann?.hash).not.toBe(bob?.hash);
  // A client has the same draws each time, which have nothing to do with each other.
  expect(clients.of(fields('X-User', 'ann'), '192.0.2.2', 0)?.draw).toBe(ann?.draw);
  expect(ann?.draw).not.toBe(ann?.setDraw);
});

test('by cookie: set once, renewed when half of its time is over, and anew when another endpoint answers', () => {
  const clients = clientsOf(`by: cookie, ttl: 10m, ${SECRETS}`);
  const first = clients.of(fields(), '192.0.2.1', 0);
  expect([first?.index, first?.ignored]).toEqual([-1, undefined]);
  const cookie = first?.setCookie(2)?.split(';')[0] ?? '';
  const at = (ms: number) => clients.of(fields('Cookie', `a=b; ${cookie}`), '192.0.2.1', ms);
  expect(at(1000)?.index).toBe(2);
  expect(at(1000)?.setCookie(2)).toBeUndefined();
  expect(at(1000)?.setCookie(1)).toMatch(/^meridian=v1\./);
  expect(at(301_000)?.setCookie(2)).toMatch(/^meridian=v1\./);
  expect(at(700_000)).toMatchObject({ index: -1, ignored: 'expired' });
  expect(clients.of(fields('Cookie', 'meridian=v1.nonsense'), '192.0.2.1', 0)).toMatchObject({
    index: -1,
    ignored: 'forged',
  });
});
