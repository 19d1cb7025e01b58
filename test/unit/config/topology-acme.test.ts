import { expect, test } from 'vitest';
import { accountFile, authorityFolder, certificateFile } from '../../../src/config/topology-acme.ts';

const of = (directory: string) => ({
  folder: '/keep',
  directory,
  keyType: 'ecdsa' as const,
  externalAccount: undefined,
});
const LIVE = of('https://acme-v02.api.letsencrypt.org/directory');
const STAGING = of('https://acme-staging-v02.api.letsencrypt.org/directory');

test('each authority has a folder that says whose it is, and nothing leads out of it', () => {
  expect(authorityFolder(LIVE)).toMatch(/^\/keep\/acme-v02\.api\.letsencrypt\.org-[0-9a-f]{8}$/);
  expect(authorityFolder(of('https://[::1]:14000/dir/../../x'))).toMatch(/^\/keep\/___1_-[0-9a-f]{8}$/);
  expect(authorityFolder(STAGING)).not.toBe(authorityFolder(LIVE));
  expect(authorityFolder(of('https://a.example/one'))).not.toBe(authorityFolder(of('https://a.example/two')));
});

test('a certificate and an account have one file each', () => {
  expect(certificateFile(LIVE, 'shop.example.com')).toBe(`${authorityFolder(LIVE)}/shop.example.com.ecdsa.pem`);
  expect(accountFile(LIVE)).toBe(`${authorityFolder(LIVE)}/account.json`);
  const bound = { ...LIVE, externalAccount: { keyId: 'k/../1', secret: 's' } };
  expect(accountFile(bound)).toMatch(/\/account-[0-9a-f]{8}\.json$/);
});
