import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type SupervisionDeps, supervision } from '../../../src/main/supervision.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function staged(env: SupervisionDeps['env'], answering: () => Promise<boolean> = async () => true) {
  const told: string[] = [];
  const said: string[] = [];
  const notify = async (...lines: readonly string[]) => void told.push(lines.join(' '));
  const supervised = supervision({ env, pid: 7, say: (line) => said.push(line), answering, notify });
  return { supervised, told, said };
}

test('ready, reloading, stopping, each as sd_notify(3) has it', async () => {
  const { supervised, told } = staged({});
  supervised.ready('serving');
  await supervised.reloading(async () => ({ ok: true }));
  await supervised.reloading(async () => ({ ok: false, problems: ['a', 'b'] }));
  supervised.stopping('draining');
  expect(told.map((one) => one.replace(/USEC=\d{6,}/, 'USEC=…'))).toEqual([
    'READY=1 STATUS=serving',
    'RELOADING=1 MONOTONIC_USEC=…',
    'READY=1 STATUS=serving',
    'RELOADING=1 MONOTONIC_USEC=…',
    'READY=1 STATUS=the file has 2 problems; what was in force stays',
    'STOPPING=1 STATUS=draining',
  ]);
});

test('the watchdog is fed twice in its time, only while the threads answer, until the end', async () => {
  let answers = true;
  const { supervised, told, said } = staged({ WATCHDOG_USEC: '2000000', WATCHDOG_PID: '7' }, async () => answers);
  const fed = () => told.filter((one) => one === 'WATCHDOG=1').length;
  supervised.ready('serving');
  await vi.advanceTimersByTimeAsync(2000);
  expect(fed()).toBe(3);
  answers = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect([fed(), said.length]).toEqual([3, 1]);
  answers = true;
  await vi.advanceTimersByTimeAsync(1000);
  expect(fed()).toBe(4);
  supervised.close();
  await vi.advanceTimersByTimeAsync(9000);
  expect(fed()).toBe(4);
});

test.each([{}, { WATCHDOG_USEC: '0' }, { WATCHDOG_USEC: 'soon' }, { WATCHDOG_USEC: '2000000', WATCHDOG_PID: '8' }])(
  '%j: no watchdog of this process',
  async (env) => {
    const { supervised, told } = staged(env);
    supervised.ready('serving');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['READY=1 STATUS=serving']);
  },
);

test('without a service manager a reload is a reload, and nothing else happens', async () => {
  const reload = vi.fn(async () => ({ ok: true }) as const);
  const supervised = supervision({
    env: { WATCHDOG_USEC: '1000' },
    pid: 7,
    say: () => {},
    answering: async () => false,
  });
  supervised.ready('serving');
  await supervised.reloading(reload);
  supervised.stopping('draining');
  supervised.close();
  expect([reload.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
});
