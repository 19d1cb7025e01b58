import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileFaults } from '../../../src/config/rules-files.ts';
import { temporaryFolder } from '../../support/process.ts';

const cacheAt = (path: string) => ({ degraded: { cache: { store: 'sqlite', path } } });
const faultsOf = (root: object) =>
  fileFaults(root as never, '/etc/meridian.yaml').map(({ path, message }) => `${path.join('.')}: ${message}`);
const services = (...paths: readonly string[]) => Object.fromEntries(paths.map((path, i) => [`s${i}`, cacheAt(path)]));

test('files of their own are no fault', () => {
  expect(
    faultsOf({
      services: { ...services('/a', '/b'), plain: { tls: { ca: '/ca' } }, other: { tls: { ca: '/ca' } } },
      alerts: { state: '/c' },
      fleet: { store: 'sqlite', path: '/d' },
      geo: { database: 'builtin' },
    }),
  ).toEqual([]);
});

test.each(['/x/a', '/x/./a', '/x//a', '/x/y/../a'])('two services may not share a file (%s)', (path) => {
  expect(faultsOf({ services: services('/x/a', '/other', path) })).toEqual([
    'services.s2.degraded.cache.path: is the file of services.s0 already; give each service its own',
  ]);
});

test('a file from where the process is, is the same by its whole path', () => {
  expect(faultsOf({ services: services('a.sqlite', join(process.cwd(), 'a.sqlite')) })).toHaveLength(1);
});

test('links do not hide one', () => {
  const folder = temporaryFolder().path;
  symlinkSync(folder, join(folder, 'link'));
  expect(faultsOf({ services: services(join(folder, 'a'), join(folder, 'link', 'a')) })).toHaveLength(1);
});

test.each([
  [{ alerts: { state: '/a' } }, 'alerts.state: is the file of services.s0 already; give the alerts its own'],
  [{ alerts: { state: '/a-wal' } }, 'alerts.state: is the file of services.s0 already; give the alerts its own'],
  [{ fleet: { path: '/a' } }, 'fleet.path: is the file of services.s0 already; give the fleet its own'],
  [
    { edge: { tls: { cert: '/c', key: '/a' } } },
    'services.s0.degraded.cache.path: is the file of edge.tls.key already; give each service its own',
  ],
  [
    { edge: { listeners: [{}, { tls: { certificates: [{ cert: '/c', key: '/a' }] } }] } },
    'services.s0.degraded.cache.path: is the file of edge.listeners[1].tls.certificates[0].key already; give each service its own',
  ],
  [
    { edge: { tls: { client_ca: '/a' } } },
    'services.s0.degraded.cache.path: is the file of edge.tls.client_ca already; give each service its own',
  ],
  [
    { geo: { database: '/a' } },
    'services.s0.degraded.cache.path: is the file of geo.database already; give each service its own',
  ],
])('%o beside a cache in /a', (more, fault) => {
  expect(faultsOf({ services: services('/a'), ...more })).toEqual([fault]);
});

test.each([
  [
    { alerts: { state: '/etc/../etc/meridian.yaml' } },
    'alerts.state: is the file of this configuration already; give the alerts its own',
  ],
  [
    { fleet: { path: '/etc/meridian.yaml' } },
    'fleet.path: is the file of this configuration already; give the fleet its own',
  ],
  [
    { services: services('/etc/meridian.yaml') },
    'services.s0.degraded.cache.path: is the file of this configuration already; give each service its own',
  ],
])('nothing is written over the configuration itself: %o', (root, fault) => {
  expect(faultsOf(root)).toEqual([fault]);
});

test('the fleet and the alerts do not share one either, and what is no path is the schema to refuse', () => {
  expect(faultsOf({ fleet: { path: '/a' }, alerts: { state: '/a' } })).toEqual([
    'alerts.state: is the file of fleet.path already; give the alerts its own',
  ]);
  expect(faultsOf({ services: 7, alerts: { state: 5 }, fleet: { path: '' } })).toEqual([]);
});

test.each([
  { services: { shop: { tls: { ca: '/a' } } } },
  { services: { shop: { endpoints: [{}, { tls: { key: '/a' } }] } } },
  { backends: { eu: { tls: { cert: '/a' } } } },
  { backends: { eu: { endpoints: [{ tls: { ca: '/a' } }] } } },
])('what the TLS of endpoints is read from is written by nobody: %j', (root) => {
  expect(faultsOf({ ...root, alerts: { state: '/a' } })).toEqual([
    expect.stringMatching(
      /^alerts\.state: is the file of (?:services|backends)\.\w+.* already; give the alerts its own$/,
    ),
  ]);
});
