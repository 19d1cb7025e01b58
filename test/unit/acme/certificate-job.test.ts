import { expect, test } from 'vitest';
import { byUrgency, dueMs, factsOf, jobOf } from '../../../src/acme/certificate-job.ts';
import { obtainedOf } from './settings.ts';

const DAY = 86_400_000;
const issued = (days: number) => ({
  pem: '',
  fingerprint: '80000000',
  notBeforeMs: 0,
  notAfterMs: days * DAY,
  renewalId: undefined,
});
const job = (days?: number) => ({
  ...jobOf(obtainedOf(), 'a.example.com'),
  issued: days === undefined ? undefined : issued(days),
});

test('what is missing is due at once, and goes before what ends first', () => {
  expect(dueMs(job())).toBe(0);
  expect(dueMs(job(90))).toBeCloseTo(60 * DAY, -4);
  const [late, none, soon] = [job(90), job(), job(30)];
  expect([late, none, soon].toSorted(byUrgency)).toEqual([none, soon, late]);
});

test('operators are shown what is there, what has failed, and what comes next', () => {
  const at = { nowMs: 1000, wallMs: 1_000_000 };
  expect(factsOf(job(), at)).toMatchObject({
    name: 'a.example.com',
    state: 'waiting',
    failures: 0,
    againMs: undefined,
  });
  expect(factsOf({ ...job(90), ordering: true }, at)).toMatchObject({ state: 'ordering', notAfterMs: 90 * DAY });
  const failed = { ...job(90), failures: 2, error: 'why', restMs: 6000 };
  expect(factsOf(failed, at)).toMatchObject({ state: 'obtained', failures: 2, error: 'why', againMs: 1_005_000 });
});
