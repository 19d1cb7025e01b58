import { expect, test } from 'vitest';
import { cutOffFindings } from '../../../src/observe/alert-cut-off.ts';
import type { EndpointFacts } from '../../../src/observe/alert-facts.ts';

const endpoint = (id: string, more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  id,
  service: 'shop',
  cloud: 'gcp',
  region: 'x',
  health: 0,
  state: 'unhealthy',
  drained: false,
  breakerOpen: false,
  cutOff: true,
  ...more,
});

test('one finding for a region, with what is in it', () => {
  const [found, ...more] = cutOffFindings([
    endpoint('a'),
    endpoint('b'),
    endpoint('c', { region: 'y', cutOff: false }),
  ]);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    key: 'cut_off/gcp/x',
    rule: 'cut_off',
    severity: 'warning',
    labels: { cloud: 'gcp', region: 'x' },
    summary: 'this edge is cut off from gcp/x: it sees a, b down, and most edges see the same up',
  });
});

test('one finding for a cloud that is lost as a whole', () => {
  const lost = [endpoint('a'), endpoint('b', { region: 'y' }), endpoint('c', { cloud: 'aws', cutOff: false })];
  expect(cutOffFindings(lost).map(({ key }) => key)).toEqual(['cut_off/gcp']);
  expect(cutOffFindings([endpoint('a')]).map(({ key }) => key)).toEqual(['cut_off/gcp/x']);
});

test('what is drained is no loss', () => {
  expect(cutOffFindings([endpoint('a', { drained: true })])).toEqual([]);
});
