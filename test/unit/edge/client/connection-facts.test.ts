import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type ConnectionFacts, factsOf, noteFacts } from '../../../../src/edge/client/connection-facts.ts';

const socket = (properties: object) => Object.assign(new EventEmitter(), properties) as unknown as Socket;

test('what a listener has noted is what every front is told', () => {
  const facts: ConnectionFacts = {
    listener: 'public',
    address: '203.0.113.9',
    port: 4711,
    protocol: 'https',
    tlsVersion: 'TLSv1.3',
    serverName: 'shop.example.com',
    certificate: undefined,
  };
  const one = socket({ remoteAddress: '10.0.0.1', remotePort: 1 });
  noteFacts(one, facts);
  expect(factsOf(one)).toBe(facts);
});

test('a socket that nobody has noted anything of tells what it knows, once', () => {
  const one = socket({
    remoteAddress: '::ffff:10.0.0.1',
    remotePort: 7,
    encrypted: true,
    getProtocol: () => 'TLSv1.2',
  });
  const facts = factsOf(one);
  expect(facts).toMatchObject({ address: '10.0.0.1', port: 7, protocol: 'https', tlsVersion: 'TLSv1.2' });
  expect(factsOf(one)).toBe(facts);
  expect(factsOf(socket({}))).toMatchObject({ address: '', port: 0, protocol: 'http', tlsVersion: '' });
});
