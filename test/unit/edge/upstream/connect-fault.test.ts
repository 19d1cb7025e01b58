import { expect, test } from 'vitest';
import { connectFaultOf } from '../../../../src/edge/upstream/connect-fault.ts';

test.each([
  ['ECONNREFUSED', 'connect-refused'],
  ['ETIMEDOUT', 'connect-timeout'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['CERT_HAS_EXPIRED', 'tls-failed'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-failed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-failed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-failed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-failed'],
  ['EPROTO', 'tls-failed'],
  ['EMFILE', 'no-resources'],
])('%s is %s', (code, kind) => {
  const error = Object.assign(new Error('x'), { code });
  expect(connectFaultOf(error)).toEqual({ kind, sent: 'nothing', cause: code });
});

test('what has no code is a reset, in its own words', () => {
  expect(connectFaultOf(new Error('went wrong'))).toEqual({ kind: 'reset', sent: 'nothing', cause: 'went wrong' });
  expect(connectFaultOf({ code: 7 })).toEqual({ kind: 'reset', sent: 'nothing', cause: 'undefined' });
});
