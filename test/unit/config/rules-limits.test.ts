import { expect, test } from 'vitest';
import { limitFaults } from '../../../src/config/rules-limits.ts';

test.each([
  [{}, 'limits', /limits nothing/],
  [{ burst: 5 }, 'limits.burst', /has no rate/],
  [{ target: '0B' }, 'limits.target', /at least 1B/],
  [{ head: 0 }, 'limits.head', /at least 1B/],
  [{ per_client: {} }, 'limits.per_client', /limits nothing; add requests, such as 20\/s/],
  [{ per_client: [{ requests: '1/s' }, { burst: 2 }] }, 'limits.per_client.1.burst', /has no rate/],
  [{ per_client: Array.from({ length: 5 }, () => ({ requests: '1/s' })) }, 'limits.per_client', /at most 4 fit/],
])('%j is told of', (limits, path, message) => {
  const faults = limitFaults({ services: { shop: { limits } } });
  expect(faults.map((fault) => fault.path.slice(2).join('.'))).toEqual([path]);
  expect(faults[0]?.message).toMatch(message);
});
