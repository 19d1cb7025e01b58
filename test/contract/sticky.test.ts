import { expect } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { valuesOf } from '../support/client.ts';
import { contract } from './contract.ts';
import type { Observation, Stage } from './stage.ts';

const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const base = {
  edge: ', trust_proxies: [loopback]',
  origins: [{ answer: named('aws') }, { answer: named('gcp') }, { answer: named('azure') }],
};
const COOKIE = '    sticky: { by: cookie, secrets: ["0123456789abcdef0123456789abcdef"] }';
const told = (seen: Observation): string[] =>
  seen.clients.map(({ answers: [answer] }) => `${answer?.start.slice(9, 12)} ${answer?.body}`);

/** Asks once, and returns the cookie that came with the answer. */
async function ask(stage: Stage, more = ''): Promise<string> {
  const client = await stage.client();
  client.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 3.80.0.1\r\nRouting-Priority: latency\r\n${more}\r\n`);
  await client.answered(1);
  return valuesOf(client.messages[0]?.headers ?? [], 'set-cookie')[0] ?? '';
}

contract('stickiness', [
  {
    name: 'a client stays where its first request went, though another has become better',
    ...base,
    service: COOKIE,
    play: async (stage) => {
      const cookie = await ask(stage);
      expect(cookie).toMatch(/^meridian=v1\.\S+; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax$/);
      stage.rig.table.live.health[stage.rig.row('aws')] = 0.6;
      stage.rig.table.live.inFlight[stage.rig.row('aws')] = 90;
      const [pair] = cookie.split(';');
      expect(await ask(stage, `Cookie: ${pair}\r\n`)).toBe('');
      expect(await ask(stage, `Cookie: ${pair?.slice(0, -1)}\r\n`)).toMatch(/^meridian=/);
      stage.rig.table.live.inFlight[stage.rig.row('aws')] = 0;
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 aws', '200 aws', '200 gcp']),
  },
  {
    name: 'one whose endpoint fails moves, and is told where it stays now',
    ...base,
    service: COOKIE,
    play: async (stage) => {
      const [pair] = (await ask(stage)).split(';');
      stage.rig.table.live.state[stage.rig.row('aws')] = HEALTH_STATE.unhealthy;
      const moved = await ask(stage, `Cookie: ${pair}\r\n`);
      expect(moved).toMatch(/^meridian=/);
      stage.rig.table.live.state[stage.rig.row('aws')] = HEALTH_STATE.healthy;
      await ask(stage, `Cookie: ${moved.split(';')[0]}\r\n`);
    },
    expect: (seen) => expect(told(seen)).toEqual(['200 aws', '200 gcp', '200 gcp']),
  },
  {
    name: 'or is refused, where no other one will do',
    ...base,
    service: COOKIE.replace(' }', ', on_failure: fail }'),
    play: async (stage) => {
      const [pair] = (await ask(stage)).split(';');
      stage.rig.table.live.state[stage.rig.row('aws')] = HEALTH_STATE.unhealthy;
      await ask(stage, `Cookie: ${pair}\r\n`);
    },
    expect: (seen) => expect(told(seen).map((line) => line.slice(0, 3))).toEqual(['200', '503']),
  },
  {
    name: 'by a header nothing is set, and each value has its endpoint',
    ...base,
    service: '    sticky: { by: header, header: X-User }',
    play: async (stage) => {
      for (const user of ['ann', 'bob', 'eve', 'ann', 'bob', 'eve'])
        expect(await ask(stage, `X-User: ${user}\r\n`)).toBe('');
    },
    expect: (seen) => {
      const answers = told(seen);
      expect(answers.slice(3)).toEqual(answers.slice(0, 3));
    },
  },
]);
