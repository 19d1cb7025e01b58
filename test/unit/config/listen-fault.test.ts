import { expect, test } from 'vitest';
import { listenFault } from '../../../src/config/listen-fault.ts';

const said = (code: string, host = '::1') =>
  listenFault('admin.listen', { host, port: 80 }, Object.assign(new Error('something else'), { code }));

test('each error of a listen says what to do, and names the key', () => {
  expect(said('EADDRINUSE')).toBe(
    'admin.listen: [::1]:80 is in use by another process; stop it or choose another port',
  );
  expect(said('EACCES')).toMatch(/^admin\.listen: \[::1\]:80 may not be listened on; choose a port above 1023/);
  expect(said('EADDRNOTAVAIL')).toBe('admin.listen: ::1 is not an address of this machine; 0.0.0.0 listens on all');
  expect(said('ENOTFOUND', 'no.such')).toBe('admin.listen: there is no host no.such; write an address of this machine');
  expect(said('EMFILE')).toBe('admin.listen: [::1]:80 cannot be listened on: something else');
});
