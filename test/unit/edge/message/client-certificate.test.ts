import { expect, test } from 'vitest';
import { certificateFields } from '../../../../src/edge/message/client-certificate.ts';

test('a certificate is a byte sequence, and its chain a list of them', () => {
  const one = { subject: 'CN=robot', fingerprint: 'ff', der: 'b3du', chain: [] };
  expect(certificateFields(one)).toEqual(['Client-Cert', ':b3du:']);
  expect(certificateFields({ ...one, chain: ['YQ==', 'Yg=='] })).toEqual([
    'Client-Cert',
    ':b3du:',
    'Client-Cert-Chain',
    ':YQ==:, :Yg==:',
  ]);
});
