import { expect, test } from 'vitest';
import { alertmanagerPost, forgottenMs, resendMaxMs } from '../../../src/observe/alertmanager.ts';
import { AT_MS, changeTo } from './finding.ts';

const AT = { edge: 'iad-1', wallMs: AT_MS + 60_000, intervalMs: 30_000, timeoutMs: 5000 };
const alertsOf = (...args: Parameters<typeof alertmanagerPost>) =>
  JSON.parse(alertmanagerPost(...args).body) as { endsAt: string }[];

test('alerts of API v2: what fires ends unless it is sent again, what is resolved ended when it did', () => {
  const { url } = alertmanagerPost('http://am:9093/', [], AT);
  expect(url).toBe('http://am:9093/api/v2/alerts');
  expect(alertsOf('http://am', [changeTo('firing', 'a'), changeTo('resolved', 'b')], AT)).toEqual([
    {
      labels: {
        alertname: 'MeridianEndpointHealthCritical',
        severity: 'critical',
        edge: 'iad-1',
        service: 'shop',
        cloud: 'aws',
      },
      annotations: { summary: 'a is wrong' },
      startsAt: '2026-01-02T03:04:05.000Z',
      endsAt: '2026-01-02T03:07:05.000Z',
    },
    expect.objectContaining({ endsAt: '2026-01-02T03:05:05.000Z' }),
  ]);
});

test('with short looks it is still remembered for a minute, a restart long', () => {
  const [alert] = alertsOf('http://am', [changeTo('firing', 'a')], { ...AT, intervalMs: 1000 });
  expect(alert?.endsAt).toBe('2026-01-02T03:06:05.000Z');
});

test('the edges of a fleet name one cause alike, whichever of them notifies, and each itself when it is about itself', () => {
  const one = (edge: string, rule: 'cut_off' | 'cloud_down') => {
    const post = alertmanagerPost('http://am', [changeTo('firing', 'a', { rule })], {
      ...AT,
      edge,
      fleet: 'meridian:',
    });
    const [alert] = JSON.parse(post.body) as { labels: object; annotations: object }[];
    return alert;
  };
  expect(one('iad-1', 'cloud_down')?.labels).toEqual(one('fra-1', 'cloud_down')?.labels);
  expect(one('iad-1', 'cloud_down')?.annotations).toEqual({ summary: 'a is wrong', edge: 'iad-1' });
  expect(one('iad-1', 'cut_off')?.labels).toMatchObject({ edge: 'iad-1' });
});

test.each([
  [1000, 100],
  [30_000, 5000],
  [30_000, 60_000],
  [600_000, 60_000],
])('looks every %i ms, a timeout of %i ms: two tries fit in before it forgets', (intervalMs, timeoutMs) => {
  const rhythm = { intervalMs, timeoutMs };
  expect(2 * (resendMaxMs(rhythm) + timeoutMs)).toBeLessThanOrEqual(forgottenMs(rhythm));
  expect(forgottenMs(rhythm)).toBeGreaterThan(2 * intervalMs);
});
