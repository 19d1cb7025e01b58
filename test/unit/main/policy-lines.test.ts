import { expect, test } from 'vitest';
import { policyLines, stickyLine } from '../../../src/main/policy-lines.ts';

test('what a service does not have has no line', () => expect(policyLines({})).toEqual([]));

test('who is shed first, from where on, and how near that is', () => {
  const shed = { order: ['batch', 'balanced', 'latency'], from: 1, lagMaxMs: 100, load: 0.873 };
  expect(policyLines({ shed })).toEqual([
    'shed: batch, then balanced, then latency go first, from 100 % of what the service is built for, or 100 ms of lag; it has 87.3 %',
  ]);
});

test.each([
  [{ quantile: 0.95 }, 'the time of 95 % of answers'],
  [50, '50 ms'],
])('a hedge after %j', (after, when) => {
  expect(policyLines({ hedge: { after, methods: ['GET', 'HEAD'] } })).toEqual([
    `hedge: after ${when}, GET, HEAD go to a second endpoint as well`,
  ]);
});

test('only those levels are named that are set', () => {
  expect(policyLines({ levels: { spillAt: 0.85, overflowMax: 0.2, shedAt: 1.5, panicBelow: 0.5 } })).toEqual([
    'waterfall: from 85 % of its capacity on an endpoint goes behind the others; it takes requests of others up to 20 %; at 150 % it gets nothing more; with less than 50 % healthy, health is disregarded',
  ]);
  expect(policyLines({ levels: { spillAt: 0.85 } })).toEqual([
    'waterfall: from 85 % of its capacity on an endpoint goes behind the others',
  ]);
});

test('a client whose endpoint may not fail is told so', () => {
  expect(stickyLine({ by: 'client', onFailure: 'fail' })).toMatch(
    /^sticky by client: .* full; when its endpoint fails it gets 503$/,
  );
  expect(stickyLine({ by: 'cookie', onFailure: 'move' })).not.toContain('503');
});
