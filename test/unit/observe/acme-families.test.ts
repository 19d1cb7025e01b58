import { expect, test } from 'vitest';
import { AcmeOrders } from '../../../src/observe/acme-families.ts';
import { acmeFindings } from '../../../src/observe/alert-acme-failing.ts';
import { OBTAINED } from './obtained.ts';

const about = { domain: 'a.example.com', directory: '' };

test('orders are counted by how they ended, from 0', () => {
  const orders = new AcmeOrders();
  orders.onEvent({ ...about, type: 'acme-obtained', notAfterMs: 0, renewMs: 0, tookMs: 1 });
  orders.onEvent({ ...about, type: 'acme-failed', trouble: 'limited', error: '', failures: 1, againMs: 1 });
  const [counts, renewals, failures] = orders.families(() => [
    OBTAINED,
    { ...OBTAINED, name: 'b', renewMs: undefined, failures: 2 },
  ]);
  expect(counts?.samples().map(({ labels, value }) => [labels['result'], value])).toEqual([
    ['obtained', 1],
    ['away', 0],
    ['limited', 1],
    ['refused', 0],
    ['wrong', 0],
  ]);
  expect(renewals?.samples()).toEqual([{ labels: { name: 'a.example.com' }, value: 60 }]);
  expect(failures?.samples().map(({ value }) => value)).toEqual([0, 2]);
});

test.each([
  [{ failures: 2 }, []],
  [{ failures: 3 }, ['warning']],
  [{ failures: 3, notAfterMs: undefined }, ['critical']],
])('with %j it is %j', (more, severities) => {
  expect(acmeFindings([{ ...OBTAINED, ...more }]).map(({ severity }) => severity)).toEqual(severities);
});

test('it says of whom, at whom and why', () => {
  expect(acmeFindings([{ ...OBTAINED, failures: 4, error: 'refused: why' }])).toMatchObject([
    {
      key: 'acme_failing/a.example.com',
      labels: { certificate: 'a.example.com', authority: 'ca.example:14000' },
      summary:
        'nobody renews the certificate of a.example.com: 4 orders in a row have failed at ca.example:14000, the last: refused: why',
    },
  ]);
});
