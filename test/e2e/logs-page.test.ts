import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { accessLine } from '../../src/observe/access-line.ts';
import type { Event } from '../../src/table/event.ts';
import { RECORD } from '../unit/observe/record.ts';

const page = readFileSync(new URL('../../docs/logs.md', import.meta.url), 'utf8');
const section = (title: string): string => page.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
const rows = (title: string) =>
  [...section(title).matchAll(/^\| `([a-z_-]+)` \|(.*)$/gm)].map(
    ([, name, rest]) => [name as string, rest as string] as const,
  );

type Fields<T extends Event['type']> = Exclude<keyof Extract<Event, { type: T }>, 'type'>;

/** Every event with all its fields: the compiler refuses one that is missing, or too many. */
const EVENTS: { readonly [T in Event['type']]: Readonly<Record<Fields<T>, true>> } = {
  'loop-failed': { loop: true, error: true },
  'breaker-moved': {
    scope: true,
    service: true,
    cloud: true,
    region: true,
    from: true,
    to: true,
    by: true,
    cause: true,
  },
  'endpoint-state': { endpoint: true, from: true, to: true, health: true, reason: true },
  'endpoint-cause': { endpoint: true, state: true, reason: true },
  'failed-over': { from: true, to: true, reason: true, count: true },
  degraded: { service: true, source: true, quality: true, count: true },
  'cache-failed': { service: true, error: true },
  'cache-purged': { service: true, what: true, failed: true },
  panic: { service: true, count: true },
  started: {
    listen: true,
    admin: true,
    file: true,
    services: true,
    endpoints: true,
    threads: true,
    version: true,
    node: true,
  },
  ending: { phase: true, forMs: true },
  ended: { uptimeMs: true },
  signal: { signal: true, what: true },
  reloaded: { file: true, services: true, endpoints: true },
  'reload-rejected': { file: true, problems: true },
  'restart-needed': { keys: true },
  'origins-unverified': { service: true, endpoints: true },
  'certificate-changed': { certificate: true, file: true, fingerprint: true, notAfterMs: true },
  'certificate-refused': { key: true, error: true },
  'acme-obtained': { domain: true, directory: true, notAfterMs: true, renewMs: true, tookMs: true },
  'acme-failed': { domain: true, directory: true, trouble: true, error: true, failures: true, againMs: true },
  'geo-swapped': { file: true, builtAtMs: true },
  'geo-rejected': { file: true, error: true },
  'addresses-changed': { host: true, addresses: true },
  'resources-short': { code: true, count: true },
  'resolve-recovered': { host: true },
  'resolve-failed': { host: true, error: true, keptLastGood: true },
  'chaos-started': { experiment: true, kind: true, radius: true, forMs: true, by: true },
  'chaos-stopped': { experiment: true, reason: true, detail: true },
  'chaos-injected': { experiment: true, kind: true, count: true },
  'override-changed': {
    kind: true,
    scope: true,
    status: true,
    level: true,
    untilMs: true,
    actor: true,
    reason: true,
    edge: true,
  },
  alert: { status: true, alert: true, severity: true, labels: true, summary: true },
  'sink-failed': { sink: true, error: true },
  'sink-recovered': { sink: true },
  'alert-state-rejected': { file: true, error: true },
  'fleet-trouble': { region: true, cause: true },
  'fleet-recovered': { region: true },
  'fleet-record-unreadable': { region: true, key: true, error: true },
  'fleet-conflict': { key: true, edges: true },
  'flag-switched': { flag: true, on: true, endpoints: true, rules: true },
  'fleet-voters': { admitted: true, founded: true, voters: true, edge: true },
  'fleet-value': {
    key: true,
    order: true,
    consistency: true,
    result: true,
    actor: true,
    version: true,
    why: true,
  },
  'connections-dropped': { reason: true, count: true },
  'descriptors-exhausted': { error: true },
  bug: { where: true, count: true, error: true },
  'worker-failed': { worker: true, error: true },
  'worker-started': { worker: true },
  'worker-died': { worker: true, error: true },
};

/** Of two events the log says a field more, or by another name. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  'failed-over': ['service'],
  'override-changed': ['value'],
};
const RENAMED: Readonly<Record<string, readonly string[]>> = { 'override-changed': ['level'] };

test('docs/logs.md has every event with every field', () => {
  const documented = rows('Events').map(([event, rest]) => {
    const fields = [...(rest.split('|')[0] as string).matchAll(/`(\w+)`/g)].map(([, field]) => field as string);
    return [event, fields.toSorted()] as const;
  });
  const written = Object.entries(EVENTS).map(([event, fields]) => {
    const own = Object.keys(fields).filter((field) => !RENAMED[event]?.includes(field));
    return [event, [...own, ...(ADDED[event] ?? [])].toSorted()] as const;
  });
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(written));
  expect(documented).toHaveLength(written.length);
});

test('docs/logs.md has every field of the access line, in its order', () => {
  const line = JSON.parse(`{${accessLine({ ...RECORD, quality: 'full', chaos: 'slow' })}}`) as Record<string, unknown>;
  expect(rows('Requests').map(([field]) => field)).toEqual(Object.keys(line));
  const attempts = line['attempts'] as readonly object[];
  const [, about] = rows('Requests').at(-1) as readonly [string, string];
  for (const field of new Set(attempts.flatMap(Object.keys))) expect(about).toContain(`\`${field}\``);
});
