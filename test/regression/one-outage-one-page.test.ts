import { expect, test } from 'vitest';
import { buildAlerts } from '../../src/config/build-alerts.ts';
import { AlertMonitor } from '../../src/observe/alert-monitor.ts';
import type { SloKeeper } from '../../src/observe/slo-keeper.ts';
import { sloReport } from '../../src/observe/slo-report.ts';
import { CountRing } from '../../src/observe/slo-ring.ts';

/*
 * An outage is in all windows of its objective, and in the longer ones for longer: as each faster pair of windows ended, the
 * next one told of the same errors again, so that five minutes paged twice and warned twice.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const POLICY = { objective: 0.9999, windowMs: 720 * HOUR, minimumRequests: 100, minimumErrors: 5 };

type Spell = { readonly fromMs: number; readonly toMs: number; readonly badShare: number };
type Saved = {
  readonly alerts: ReturnType<AlertMonitor['save']>;
  readonly slo: ReturnType<SloKeeper['save']>[string];
};

/** Requests come at an even rate for so long, some of them badly; tells what was told, as `5m firing critical 1h`. */
function told(spells: readonly Spell[], forMs: number, { perSecond = 100, restartsMs = [] as readonly number[] } = {}) {
  const lines: string[] = [];
  const settings = buildAlerts(undefined);
  let edge = started(undefined);
  for (let nowMs = 0; nowMs < forMs; nowMs += 5 * SECOND) {
    if (restartsMs.includes(nowMs)) edge = started({ alerts: edge.monitor.save(), slo: edge.saved(nowMs) }, nowMs);
    const spell = spells.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);
    const bad = perSecond * 5 * (spell?.badShare ?? 0);
    edge.count(nowMs, { good: perSecond * 5 - bad, bad });
    if (nowMs % (30 * SECOND) === 0) edge.look(nowMs);
  }
  return lines;

  function started(saved: Saved | undefined, startMs = 0) {
    // Each process has a clock of its own, which begins at 0.
    const clock = { ms: 0 };
    const minutes = new CountRing(MINUTE, 6 * HOUR);
    const hours = new CountRing(HOUR, POLICY.windowMs);
    const over = (ms: number) => (ms <= 6 * HOUR ? minutes : hours).sum(clock.ms, ms);
    const monitor = new AlertMonitor({
      nowMs: () => clock.ms,
      wallMs: () => startMs + clock.ms,
      emit: () => {},
      settings: () => settings,
      facts: () => ({
        endpoints: [],
        openClouds: [],
        reloadFailed: false,
        geoAgeMs: 0,
        certificates: [],
        slo: [sloReport('shop', POLICY, over)],
      }),
      sinks: {
        notify: (changes) => {
          for (const { status, finding } of changes) {
            const minute = Math.floor((startMs + clock.ms) / MINUTE);
            lines.push(`${minute}m ${status} ${finding.severity} ${finding.labels['window']}`);
          }
        },
      },
    });
    if (saved !== undefined) {
      minutes.restore(saved.slo.minutes, 0);
      hours.restore(saved.slo.hours, 0);
      monitor.restore(saved.alerts);
    }
    return {
      monitor,
      count: (atMs: number, counts: { good: number; bad: number }) => {
        clock.ms = atMs - startMs;
        minutes.add(clock.ms, counts);
        hours.add(clock.ms, counts);
      },
      look: (atMs: number) => {
        clock.ms = atMs - startMs;
        monitor.look();
      },
      saved: (atMs: number) => ({ minutes: minutes.save(atMs - startMs), hours: hours.save(atMs - startMs) }),
    };
  }
}

const AT = 10 * HOUR;
const outage = (minutes: number, badShare = 1): Spell => ({ fromMs: AT, toMs: AT + minutes * MINUTE, badShare });
const firing = (lines: readonly string[]) => lines.filter((line) => line.includes(' firing '));
const pages = (lines: readonly string[]) => firing(lines).filter((line) => line.includes(' critical '));
const warnings = (lines: readonly string[]) => firing(lines).filter((line) => line.includes(' warning '));

test.each([1, 0.5, 0.1])(
  'five minutes with %d of the requests bad page once, and warn at most once, before that',
  (badShare) => {
    const lines = told([outage(5, badShare)], 100 * HOUR);
    expect(pages(lines)).toHaveLength(1);
    expect(warnings(lines).length).toBeLessThanOrEqual(1);
    // The long windows are the first that it shows in; what they told of is the same.
    expect(
      lines.findLastIndex((line) => line.includes(' firing ')),
      lines.join('\n'),
    ).toBeLessThanOrEqual(1);
    expect(lines).toHaveLength(2 * firing(lines).length);
  },
);

test.each([0.2, 2, 1000])('nor do they more often with %d requests a second', (perSecond) => {
  const lines = told([outage(5)], 100 * HOUR, { perSecond });
  expect([pages(lines).length, warnings(lines).length <= 1]).toEqual([1, true]);
});

test('nor over restarts in the middle and after', () => {
  const restartsMs = [3, 4, 20, 50, 200].map((minutes) => AT + minutes * MINUTE);
  const lines = told([outage(5)], 100 * HOUR, { restartsMs });
  expect([pages(lines).length, warnings(lines).length <= 1]).toEqual([1, true]);
});

test('a second outage pages like the first', () => {
  const later = { fromMs: AT + 2 * HOUR, toMs: AT + 2 * HOUR + 5 * MINUTE, badShare: 1 };
  expect(pages(told([outage(5), later], 100 * HOUR)).map((line) => line.split(' ')[0])).toEqual(['600m', '720m']);
});

test('what goes on more slowly is notified once its errors are new ones', () => {
  // After the outage a tenth of a percent goes on failing: ten times what the budget allows.
  const rest = { fromMs: AT + 5 * MINUTE, toMs: AT + 3 * HOUR, badShare: 0.001 };
  const [first, second, ...more] = pages(told([outage(5), rest], 40 * HOUR));
  expect(first).toBe('600m firing critical 1h');
  expect(second).toMatch(/ firing critical 6h$/);
  expect(Number.parseInt(second ?? '', 10)).toBeLessThan(600 + 5 + 60 + 30 + 5);
  expect(more).toEqual([]);
});

test('a slow leak that becomes a fast one warns once and pages once', () => {
  const leak = { fromMs: AT, toMs: AT + 30 * HOUR, badShare: 0.0004 };
  const burst = { fromMs: AT + 30 * HOUR, toMs: AT + 31 * HOUR, badShare: 0.02 };
  const lines = firing(told([leak, burst], 120 * HOUR)).map((line) => line.split(' ')[2]);
  expect(lines).toEqual(['warning', 'critical']);
});
