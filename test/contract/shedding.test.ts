import { expect } from 'vitest';
import { contract, told } from './contract.ts';

const get = (priority: string): string => `GET / HTTP/1.1\r\nHost: a\r\nRouting-Priority: ${priority}\r\n\r\n`;
const SHED = '    shed: { order: [reliability, balanced, latency] }';

contract('shedding', [
  {
    name: 'the lowest priority is turned away when the service is full, and its connection goes on',
    service: SHED,
    play: async (stage) => {
      const row = stage.rig.row('aws');
      const client = await stage.client('GET', 'GET', 'GET');
      client.write(get('reliability'));
      await client.answered(1);
      stage.rig.table.live.inFlight[row] = 1.1 * (stage.rig.topology.services[0]?.endpoints[0]?.capacity ?? 0);
      client.write(get('reliability') + get('balanced'));
      await client.answered(3);
      stage.rig.table.live.inFlight[row] = 0;
    },
    expect: (seen) => {
      const [, refused] = seen.clients[0]?.answers ?? [];
      expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['200', '503', '200']);
      expect(refused?.headers.some((line) => line.startsWith('Retry-After: '))).toBe(true);
      expect(refused?.headers).toContain('Proxy-Status: meridian-test; error=connection_limit_reached');
      expect(seen.records.filter((line) => line.includes(' 503 complete []'))).toHaveLength(1);
    },
  },
  {
    name: 'what is turned away or limited has what the rules of its service add',
    service: `${SHED}\n    headers: { response: { set: { X-Frame-Options: DENY } } }\n    limits: { requests: 1/h, burst: 1 }`,
    play: async (stage) => {
      const client = await stage.client('GET', 'GET', 'GET');
      client.write(get('latency') + get('latency'));
      await client.answered(2);
      stage.rig.block.loopLateMs[0] = 150;
      client.write(get('reliability'));
      await client.answered(3);
    },
    expect: (seen) => {
      expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['200', '429', '503']);
      for (const { headers } of seen.clients[0]?.answers ?? [])
        expect(headers.map((line) => line.toLowerCase())).toContain('x-frame-options: deny');
    },
  },
  {
    name: 'a thread that is late turns the lowest away',
    service: SHED,
    play: async (stage) => {
      stage.rig.block.loopLateMs[0] = 150;
      const client = await stage.client('GET', 'GET');
      client.write(get('reliability') + get('latency'));
      await client.answered(2);
    },
    expect: (seen) => expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['503', '200']),
  },
]);
