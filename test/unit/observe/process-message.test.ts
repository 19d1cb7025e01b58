import { expect, test } from 'vitest';
import { isProcessEvent, processMessage } from '../../../src/observe/process-message.ts';

test('a line for the start says where it serves, and what runs', () => {
  const event = {
    type: 'started',
    listen: '0.0.0.0:8080',
    admin: '127.0.0.1:9901',
    file: 'm.yaml',
    services: 1,
    endpoints: 3,
    threads: 2,
    version: '1.2.3',
    node: '26.0.0',
  } as const;
  expect(processMessage(event)).toEqual({
    level: 'info',
    message: 'serving 0.0.0.0:8080, admin on 127.0.0.1:9901, from m.yaml; version 1.2.3 on Node 26.0.0',
  });
});

test('of the end, each phase has a line', () => {
  const message = (phase: 'lame-duck' | 'draining' | 'cutting') =>
    processMessage({ type: 'ending', phase, forMs: 20_000 }).message;
  expect(message('lame-duck')).toBe('not ready; serving on for 20 s before it drains');
  expect(message('draining')).toBe('draining for at most 20 s');
  expect(message('cutting')).toBe('cutting off what is left');
  expect(isProcessEvent({ type: 'ended', uptimeMs: 1 })).toBe(true);
  expect(isProcessEvent({ type: 'panic', service: 'a', count: 1 })).toBe(false);
});
