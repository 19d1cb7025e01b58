import { expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import type { AlertChange } from '../../../src/observe/alert.ts';
import { AlertMonitor, RESTORED_MS } from '../../../src/observe/alert-monitor.ts';
import { RESOLVED_KEPT_MS } from '../../../src/observe/alertmanager.ts';
import type { Event } from '../../../src/table/event.ts';
import { findingOf } from './finding.ts';

function stage(log = true) {
  const base = buildAlerts(undefined);
  const settings = { ...base, sinks: { ...base.sinks, log } };
  const now = { ms: 0, reloadFailed: false };
  const notified: { changes: readonly AlertChange[]; all: readonly AlertChange[] }[] = [];
  const events: Event[] = [];
  const monitor = new AlertMonitor({
    nowMs: () => now.ms,
    wallMs: () => now.ms,
    emit: (event) => events.push(event),
    settings: () => settings,
    facts: () => ({
      endpoints: [],
      openClouds: [],
      reloadFailed: now.reloadFailed,
      geoAgeMs: 0,
      certificates: [],
      slo: [],
    }),
    sinks: { notify: (changes, all) => notified.push({ changes, all }) },
  });
  const look = (afterMs: number) => {
    now.ms += afterMs;
    monitor.look();
    return notified.at(-1)!;
  };
  const words = (list: readonly AlertChange[]) => list.map(({ status, finding }) => `${status} ${finding.key}`);
  return { now, look, words, monitor, events };
}

test('what is new is notified once; what there is, at every look; what is resolved, for a while', () => {
  const { now, look, words, events } = stage();
  now.reloadFailed = true;
  expect(words(look(0).changes)).toEqual(['firing reload_failed']);
  expect(words(look(30_000).changes)).toEqual([]);
  expect(words(look(30_000).all)).toEqual(['firing reload_failed']);
  now.reloadFailed = false;
  look(30_000);
  expect(words(look(30_000).changes)).toEqual(['resolved reload_failed']);
  expect(words(look(RESOLVED_KEPT_MS - 1).all)).toEqual(['resolved reload_failed']);
  expect(words(look(1).all)).toEqual([]);
  expect(events).toMatchObject([
    { type: 'alert', status: 'firing', alert: 'MeridianReloadFailed', severity: 'warning' },
    { type: 'alert', status: 'resolved' },
  ]);
});

test('what fires again is no longer among the resolved', () => {
  const { now, look, words } = stage();
  now.reloadFailed = true;
  look(0);
  now.reloadFailed = false;
  look(60_000);
  now.reloadFailed = true;
  expect(words(look(30_000).all)).toEqual(['firing reload_failed']);
});

test('without the log sink there is no event', () => {
  const { now, look, words, events } = stage(false);
  now.reloadFailed = true;
  expect(words(look(0).changes)).toEqual(['firing reload_failed']);
  expect(events).toEqual([]);
});

test('after a restart nothing is notified again, and it is resolved only when it has been looked for long enough', () => {
  const before = stage();
  before.now.reloadFailed = true;
  before.look(0);
  const saved = JSON.parse(JSON.stringify(before.monitor.save())) as ReturnType<AlertMonitor['save']>;
  const still = stage();
  still.monitor.restore(saved);
  still.now.reloadFailed = true;
  expect(still.words(still.look(1000).changes)).toEqual([]);
  expect(still.words(still.look(30_000).all)).toEqual(['firing reload_failed']);
  const over = stage();
  over.monitor.restore(saved);
  expect(over.words(over.look(RESTORED_MS).changes)).toEqual([]);
  expect(over.words(over.look(60_000).changes)).toEqual(['resolved reload_failed']);
});

test('what others raise is notified at the next look, and is over after its time', () => {
  const { look, words, monitor } = stage();
  monitor.raise({ key: 'x', name: 'MeridianX', severity: 'warning', labels: {}, summary: 's' }, 100_000);
  expect(words(look(0).changes)).toEqual(['firing raised/x']);
  expect(words(look(99_999).changes)).toEqual([]);
  expect(words(look(60_000).changes)).toEqual(['resolved raised/x']);
});

test('the covers that are named are those that fire', () => {
  const { look, monitor } = stage();
  const finding = findingOf('b', { coveredBy: ['raised/x', 'cloud_down/aws'] });
  monitor.restore([{ finding, startsAtMs: 0, announced: false }]);
  monitor.raise({ key: 'x', name: 'MeridianX', severity: 'warning', labels: {}, summary: 's' }, 100_000);
  look(0);
  expect(monitor.list().map((alert) => monitor.coversOf(alert))).toEqual(expect.arrayContaining([['raised/x'], []]));
});
