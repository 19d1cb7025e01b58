import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import { clientAddress, HOPS_MAX } from '../../../../src/edge/request/client-address.ts';
import { compileTrust } from '../../../../src/edge/request/proxy-addr.ts';

const trust = compileTrust(['10.0.0.0/8', 'fd00::/8']);
const STRANGER = '203.0.113.9';
const PROXY = '10.0.0.1';

/** The address found behind `peer` when it says so. */
function behind(peer: string, ...forwardedFor: readonly string[]): string {
  return clientAddress(peer, new ListedFields(forwardedFor.flatMap((value) => ['X-Forwarded-For', value])), trust)
    .address;
}

test('what a stranger writes is never looked at', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), (lines) => {
      expect(behind(STRANGER, ...lines)).toBe(STRANGER);
    }),
  );
  expect(clientAddress(STRANGER, new ListedFields([]), trust).trustedPeer).toBe(false);
});

test('whatever is written, the answer is the peer or an address that was written, and no error', () => {
  const hop = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constantFrom('unknown', '10.0.0.2', ' 10.0.0.3 ', '_x'));
  fc.assert(
    fc.property(fc.array(hop, { maxLength: 10 }), (hops) => {
      const found = behind(PROXY, hops.join(','));
      if (found !== PROXY) expect(hops.join(',')).toContain(found);
    }),
  );
});

describe('behind a trusted proxy', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['198.51.100.7, 10.0.0.2, 10.9.9.9', '198.51.100.7'],
    // The client wrote the first one itself.
    ['8.8.8.8, 198.51.100.7', '198.51.100.7'],
    ['10.6.6.6, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    // All are trusted: the one farthest out.
    ['10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['198.51.100.7:4711', '198.51.100.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['2001:db8::7, fd00::5', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::FFFF:198.51.100.7', '198.51.100.7'],
    ['  198.51.100.7\t', '198.51.100.7'],
  ])('"%s" is from %s', (header, address) => {
    expect(behind(PROXY, header)).toBe(address);
    expect(clientAddress(PROXY, new ListedFields(['X-Forwarded-For', header]), trust).trustedPeer).toBe(true);
  });

  test.each([
    'unknown',
    '_hidden',
    '',
    ',',
    '198.51.100.7:port',
    '198.51.100.7:123456',
    '256.1.1.1',
    '[198.51.100.7',
    'localhost',
    '198.51.100.7 8.8.8.8',
  ])('"%s" is garbage, and ends the search', (garbage) => {
    expect(behind(PROXY, garbage)).toBe(PROXY);
    expect(behind(PROXY, `8.8.8.8, ${garbage}, 10.0.0.2`)).toBe('10.0.0.2');
  });

  test('several headers are one list', () => {
    expect(behind(PROXY, '198.51.100.7', '10.0.0.2')).toBe('198.51.100.7');
    expect(behind(PROXY, '8.8.8.8', '198.51.100.7', '10.0.0.2')).toBe('198.51.100.7');
  });

  test('without the header it is the proxy itself', () => {
    expect(clientAddress(PROXY, new ListedFields(['X-Real-Ip', '8.8.8.8']), trust)).toEqual({
      address: PROXY,
      trustedPeer: true,
    });
  });

  test('no more hops are looked at than are sensible', () => {
    const inside = Array.from({ length: HOPS_MAX - 1 }, () => '10.0.0.2');
    expect(behind(PROXY, ['198.51.100.7', ...inside].join(', '))).toBe('198.51.100.7');
    expect(behind(PROXY, ['198.51.100.7', '10.0.0.3', ...inside].join(', '))).toBe('10.0.0.3');
  });
});

test('an IPv4 peer is the same on an IPv6 socket', () => {
  expect(behind('::ffff:203.0.113.9', '8.8.8.8')).toBe(STRANGER);
  expect(behind('::ffff:10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
});

test('a connection that has gone has no address, and that is no error', () => {
  expect(clientAddress('', new ListedFields(['X-Forwarded-For', '8.8.8.8']), trust)).toEqual({
    address: '',
    trustedPeer: false,
  });
});
