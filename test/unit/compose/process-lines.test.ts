import { expect, test } from 'vitest';
import type { Control } from '../../../src/compose/control.ts';
import { sayStarted, sayWhatRuns } from '../../../src/compose/process-lines.ts';
import { ownVersion } from '../../../src/compose/version.ts';
import type { DatabaseFile } from '../../../src/geo/database-file.ts';
import type { Event } from '../../../src/table/event.ts';
import { threeClouds } from '../../support/topology.ts';

function control() {
  const events: Event[] = [];
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const loops = { emit: (event: Event) => events.push(event) };
  const made = { current: { topology: threeClouds() }, loops, log } as unknown as Control;
  return { events, lines, made };
}

test('that it serves is said with where, what and how many', () => {
  const { events, made } = control();
  const at = { listeners: [{ host: '::1', port: 80 }], admin: { host: '127.0.0.1', port: 99 }, threads: 2 };
  sayStarted(made, at);
  expect(events).toEqual([
    expect.objectContaining({ type: 'started', listen: '[::1]:80', admin: '127.0.0.1:99', services: 1, endpoints: 3 }),
  ]);
  expect(events[0]).toMatchObject({ threads: 2, version: ownVersion(), node: process.versions.node });
});

test('the geo database in use is said, with the day it was built', () => {
  const { lines, made } = control();
  const database = { kind: 'country', ipVersion: 6, builtAtMs: Date.UTC(2026, 9, 1), lookup: () => undefined } as const;
  sayWhatRuns(made, { file: 'x.mmdb', bytes: new SharedArrayBuffer(1), database } as unknown as DatabaseFile);
  expect(lines.at(-1)).toBe('the geo database x.mmdb of 2026-10-01 is in use');
});
