import { expect, test } from 'vitest';
import { acmeDirectory, acmeDomain, acmeEmail, hmacKey, sealingSecret } from '../../../src/config/acme-kinds.ts';

test.each([
  [acmeDomain, 'Shop.Example.com', 'shop.example.com'],
  [acmeDomain, 'xn--bcher-kva.example', 'xn--bcher-kva.example'],
  [acmeEmail, 'Ops+tls@example.com', 'Ops+tls@example.com'],
  [acmeDirectory, 'https://ca.internal:14000/dir', 'https://ca.internal:14000/dir'],
  [hmacKey, 'AAECAwQFBgcICQoLDA0ODw', 'AAECAwQFBgcICQoLDA0ODw'],
  [sealingSecret, 'x'.repeat(32), 'x'.repeat(32)],
])('%# %s', (kind, written, value) => expect(kind.read(written)).toEqual({ ok: true, value }));

test.each([
  [acmeDomain, '*.example.com', 'DNS-01 challenge, which is not built'],
  [acmeDomain, '192.0.2.1', 'none is ordered for an address'],
  [acmeDomain, '[2001:db8::1]', 'none is ordered for an address'],
  [acmeDomain, 'https://shop.example.com/', 'write the host alone'],
  [acmeDomain, 'shop.example.com:443', 'leave out the port'],
  [acmeDomain, 'shop.example.com.', 'leave out the last dot'],
  [acmeDomain, '_acme.example.com', 'must be a name'],
  [acmeDomain, '../../etc', 'must be a name'],
  [acmeDomain, 5, 'must be a name'],
  [acmeEmail, 'ops', 'must be an email address'],
  [acmeEmail, 'mailto:ops@example.com', 'leave out mailto:'],
  [acmeEmail, 'a@example.com,b@example.com', 'must be an email address'],
  [acmeEmail, 'a@example.com?subject=x', 'must be an email address'],
  [acmeDirectory, 'http://ca.internal/dir', 'by http anybody could be the authority'],
  [acmeDirectory, 'ca.internal', 'must be the URL of a directory'],
  [acmeDirectory, 'ftp://ca.internal/', 'must be the URL of a directory'],
  [acmeDirectory, 'https://u:p@ca.internal/dir', 'must have no user name or password'],
  [acmeDirectory, 'https://ca.internal/dir#x', 'must have no fragment'],
  [hmacKey, 'hush hush', 'not shown'],
  [hmacKey, 'aHVzaA', 'at least 16 bytes'],
  [sealingSecret, 'hush', 'at least 32 characters'],
])('%# %s is refused: %s', (kind, written, why) => {
  const read = kind.read(written);
  const message = read.ok ? '' : (read.faults[0]?.message ?? '');
  expect(message).toContain(why);
  if (kind === hmacKey || kind === sealingSecret) expect(message).not.toContain('hush');
});
