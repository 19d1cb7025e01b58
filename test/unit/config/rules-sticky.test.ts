import { expect, test } from 'vitest';
import { stickyFaults } from '../../../src/config/rules-sticky.ts';

const faults = (sticky: unknown) =>
  stickyFaults({ services: { s: { sticky } } }).map(({ path, message }) => `${path.join('.')} ${message}`);

test.each([
  [undefined],
  [7],
  [{ by: 'client' }],
  [{ by: 'header', header: 'X-User', load: 2 }],
  [{ by: 'cookie', secrets: ['x'], ttl: '1h', same_site: 'none' }],
])('%j is good', (sticky) => {
  expect(faults(sticky)).toEqual([]);
});

test.each([
  [{ by: 'cookie' }, 'services.s.sticky.by is cookie, which must be signed; add secrets'],
  [{ by: 'header' }, 'services.s.sticky.by is header, and no header is named; add header'],
  [{ by: 'client', header: 'X-User' }, 'services.s.sticky.header is only for by: header; write that, or remove it'],
  [{ by: 'client', ttl: '1h' }, 'services.s.sticky.ttl is only for by: cookie; write that, or remove it'],
  [{ by: 'cookie', secrets: ['x'], load: 2 }, 'services.s.sticky.load is only for by: header and by: client'],
  [
    { by: 'cookie', secrets: ['x'], same_site: 'none', secure: false },
    'services.s.sticky.secure is false, and browsers refuse SameSite=None without Secure',
  ],
])('%j', (sticky, message) => {
  expect(faults(sticky)).toEqual([expect.stringContaining(message)]);
});
