import type { PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { identityOptions } from '../../../../src/edge/upstream/origin-identity.ts';

test('who answers is verified unless it is said that nobody is', () => {
  expect(identityOptions({ verifyName: undefined, insecure: false })).toEqual({ rejectUnauthorized: true });
  expect(identityOptions({ verifyName: undefined, insecure: true })).toEqual({ rejectUnauthorized: false });
});

test('another name may be verified than the one that is asked for', () => {
  const { checkServerIdentity, rejectUnauthorized } = identityOptions({ verifyName: 'b.example.com', insecure: false });
  const shown = (name: string) => ({ subject: {}, subjectaltname: `DNS:${name}` }) as unknown as PeerCertificate;
  expect(rejectUnauthorized).toBe(true);
  expect(checkServerIdentity?.('a.example.com', shown('b.example.com'))).toBeUndefined();
  expect(checkServerIdentity?.('a.example.com', shown('a.example.com'))).toBeInstanceOf(Error);
});
