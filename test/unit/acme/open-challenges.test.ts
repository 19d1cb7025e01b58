import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { OPEN_MAX, OpenChallenges } from '../../../src/acme/open-challenges.ts';
import type { Proof } from '../../../src/acme/order.ts';
import type { Challenges } from '../../../src/table/challenges.ts';

const proof = (type: Proof['type'], token: string): Proof => ({
  type,
  token,
  domain: 'a.example.com',
  keyAuthorization: `${token}.x`,
});

function opened() {
  const told: (Challenges | undefined)[] = [];
  const open = new OpenChallenges({ publish: (challenges) => told.push(challenges), wallMs: () => Date.now() });
  return { open, told };
}

test('what is open is told with each change, and nothing once nothing is', () => {
  const { open, told } = opened();
  const [endHttp, endTls] = [open.answer(proof('http-01', 't1')), open.answer(proof('tls-alpn-01', 't2'))];
  expect([...(told[1]?.tokens ?? [])]).toEqual([['t1', 't1.x']]);
  const shown = told[1]?.certificates.get('a.example.com');
  expect(new X509Certificate(shown?.cert ?? '').subjectAltName).toBe('DNS:a.example.com');
  endHttp();
  endHttp();
  expect(told[2]?.tokens.size).toBe(0);
  endTls();
  expect(told.slice(3)).toEqual([undefined]);
});

test('there are never more than so many', () => {
  const { open, told } = opened();
  for (let i = 0; i <= OPEN_MAX; i += 1) open.answer(proof('http-01', `t${i}`));
  expect(told.at(-1)?.tokens.size).toBe(OPEN_MAX);
  expect(told.at(-1)?.tokens.has('t0')).toBe(false);
});
