import { expect, test } from 'vitest';
import { Signals } from '../../../src/main/signals.ts';

function staged() {
  const listeners = new Map<string, () => void>();
  const said: string[] = [];
  const done: string[] = [];
  const heard: string[] = [];
  const signals = new Signals({
    on: (signal, listener) => listeners.set(signal, listener),
    say: (line) => said.push(line),
    exit: () => done.push('exit'),
  });
  const send = (signal: string) => listeners.get(signal)?.();
  const orders = {
    stop: (signal: string, again: boolean) => done.push(`stop ${signal}${again ? ' again' : ''}`),
    reload: () => done.push('reload'),
    heard: (signal: string, what: string) => heard.push(`${signal}: ${what}`),
  };
  return { listeners, said, done, heard, signals, send, orders };
}

test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'])('%s stops, and a second one of any kind is another', (signal) => {
  const { done, signals, send, orders } = staged();
  signals.obey(orders);
  send(signal);
  send('SIGTERM');
  send('SIGQUIT');
  expect(done).toEqual([`stop ${signal}`, 'stop SIGTERM again', 'stop SIGQUIT again']);
});

test('SIGHUP reloads, but not while the edge is ending', () => {
  const { done, said, heard, signals, send, orders } = staged();
  signals.obey(orders);
  send('SIGHUP');
  send('SIGTERM');
  send('SIGHUP');
  expect(done).toEqual(['reload', 'stop SIGTERM']);
  expect(said).toEqual(['SIGHUP: reading the file', 'SIGHUP: ignored, the edge is ending']);
  expect(heard).toEqual(said);
});

test('before it serves, a reload waits and a stop ends the start', () => {
  const first = staged();
  first.send('SIGHUP');
  first.send('SIGHUP');
  expect(first.signals.early.signal.aborted).toBe(false);
  first.signals.obey(first.orders);
  expect(first.done).toEqual(['reload']);
  const second = staged();
  second.send('SIGHUP');
  second.send('SIGTERM');
  expect(second.signals.early.signal.aborted).toBe(true);
  second.signals.obey(second.orders);
  expect(second.done).toEqual(['stop SIGTERM']);
  expect(second.said.at(-1)).toBe('SIGTERM: ending before it serves');
  const third = staged();
  third.send('SIGTERM');
  third.send('SIGINT');
  expect(third.done).toEqual(['exit']);
});

test.each(['SIGUSR1', 'SIGUSR2', 'SIGXFSZ'])('%s is ignored, with a line', (signal) => {
  const { said, done, signals, send, orders } = staged();
  signals.obey(orders);
  send(signal);
  expect(said).toEqual([expect.stringMatching(new RegExp(`^${signal}: ignored, `))]);
  expect(done).toEqual([]);
});
