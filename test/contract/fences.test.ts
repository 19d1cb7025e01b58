import { expect } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { contract } from './contract.ts';
import type { Observation, Stage } from './stage.ts';

/** The first is near an American client, the second is the only one in the European Union, the third is in Japan. */
const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const FROM = { germany: '5.9.0.1', america: '3.80.0.1', nowhere: '10.1.1.1' };
const get = (from: keyof typeof FROM, method = 'GET'): string =>
  `${method} / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${FROM[from]}\r\nContent-Length: 0\r\n\r\n`;
const EU = '    fence: { when: { countries: [EU] }, only: { countries: [EU] } }';
const base = {
  edge: ', trust_proxies: [loopback]',
  origins: [{ answer: named('aws') }, { answer: named('gcp') }, { answer: named('azure') }],
};

/** The first answer of each client, told shortly. */
const told = (seen: Observation): string[] =>
  seen.clients.map(({ answers: [answer] }) => `${answer?.start.slice(9, 12)} ${answer?.body}`);

async function ask(stage: Stage, bytes: string): Promise<void> {
  const client = await stage.client(bytes.slice(0, bytes.indexOf(' ')));
  client.write(bytes);
  await client.answered(1);
}

contract('fences', [
  {
    name: 'a client behind one is served from inside of it, and others are not',
    ...base,
    service: EU,
    play: async (stage) => {
      await ask(stage, get('germany'));
      await ask(stage, get('america'));
      await ask(stage, get('nowhere'));
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 gcp', '200 aws', '200 gcp']),
  },
  {
    name: 'it holds when those inside are drained: 451, which nobody may keep',
    ...base,
    service: EU,
    play: async (stage) => {
      stage.rig.table.live.drained[stage.rig.row('gcp')] = 1;
      await ask(stage, get('germany'));
    },
    expect: (seen) => {
      const [answer] = seen.clients[0]?.answers ?? [];
      expect(answer?.start).toBe('HTTP/1.1 451 Unavailable For Legal Reasons');
      expect(answer?.headers).toContain('Cache-Control: no-store');
      expect(answer?.headers).toContain('Proxy-Status: meridian-test; error=http_request_denied');
      expect(seen.origins.map((requests) => requests.length)).toEqual([0, 0, 0]);
    },
  },
  {
    name: 'or 503, as written',
    ...base,
    service: EU.replace(' } }', ' }, otherwise: 503 }'),
    play: async (stage) => {
      stage.rig.table.live.drained[stage.rig.row('gcp')] = 1;
      await ask(stage, get('germany', 'POST'));
    },
    expect: (seen) => {
      expect(seen.clients[0]?.answers[0]?.start).toBe('HTTP/1.1 503 Service Unavailable');
      expect(seen.origins.map((requests) => requests.length)).toEqual([0, 0, 0]);
    },
  },
  {
    name: 'it holds in panic and on a failover',
    ...base,
    service: `${EU}\n    breakers: { failures: 1 }`,
    play: async (stage) => {
      await stage.origins[1]?.kill();
      for (const cloud of ['aws', 'gcp', 'azure']) {
        stage.rig.table.live.state[stage.rig.row(cloud)] = HEALTH_STATE.unhealthy;
      }
      await ask(stage, get('germany'));
      await ask(stage, get('germany'));
    },
    expect: (seen) => {
      expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['502', '502']);
      expect(seen.origins.map((requests) => requests.length)).toEqual([0, 0, 0]);
    },
  },
  {
    name: 'it holds when patience is lost',
    ...base,
    origins: [{ answer: named('aws') }, { answer: () => {} }, { answer: named('azure') }],
    service: `${EU}\n    timeouts: { patience: 50ms, first_byte: 200ms }`,
    play: (stage) => ask(stage, get('germany')),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.origins.map((requests) => requests.length)).toEqual([0, 1, 0]);
    },
  },
]);
