import { expect, test } from 'vitest';
import { followListeners, listenerTls } from '../../../../src/edge/thread/listener-tls.ts';
import { topologyOf } from '../../../support/topology.ts';

const PEM = { certificates: [{ cert: 'c', key: 'k', names: ['a'], keyType: 'ec' }], clientCa: undefined };

const of = (listeners: string, pem: object = { secure: PEM }, ticketKeys = Buffer.alloc(48)) => ({
  topology: topologyOf(`version: 1
edge: { listeners: [${listeners}] }
services: { s: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://a" }] } }`),
  listenerPem: pem as never,
  ticketKeys,
});
const SECURE = '{ name: secure, listen: ":443", tls: { cert: c, key: k } }';
const PLAIN = '{ name: plain, listen: ":80" }';

test('a listener with TLS shows what was read for it, by its own rules', () => {
  const tls = listenerTls(of(SECURE.replace('key: k', 'key: k, strict_sni: true')), 'secure');
  expect(tls).toMatchObject({ ...PEM, rules: { strictSni: true, minVersion: 'TLSv1.2' } });
  expect(listenerTls(of(PLAIN, {}), 'plain')).toBeUndefined();
});

test('only what has changed is shown anew, and every door is told its settings', () => {
  const told: string[] = [];
  const door = (name: string) => ({
    name,
    follow: ({ redirectPort }: { readonly redirectPort: number | undefined }) =>
      void told.push(`${name} follows ${redirectPort}`),
    renew: () => void told.push(`${name} renewed`),
  });
  const doors = [door('plain'), door('secure'), door('gone')];
  const before = of(`${PLAIN}, ${SECURE}`);
  followListeners(doors, before, of(`${PLAIN}, ${SECURE}`, structuredClone({ secure: PEM })));
  expect(told.splice(0)).toEqual(['plain follows undefined', 'secure follows undefined']);
  followListeners(doors, before, of(SECURE, { secure: { ...PEM, clientCa: 'x' } }));
  expect(told.splice(0)).toEqual(['secure follows undefined', 'secure renewed']);
  followListeners(doors, before, of(SECURE, { secure: PEM }, Buffer.alloc(48, 1)));
  expect(told.splice(0)).toEqual(['secure follows undefined', 'secure renewed']);
  followListeners(doors, before, of(SECURE.replace('key: k', 'key: k, min_version: 1.3')));
  expect(told.splice(0)).toEqual(['secure follows undefined', 'secure renewed']);
});
