import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../../src/edge/upstream/undici-fault.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('what the operating system, TLS and the parser say', () => {
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
    ['HPE_INVALID_CONSTANT', 'bad-response'],
  ])('%s is %s', (code, kind) => {
    expect(faultOf(coded(code), 'some')).toEqual({ kind, sent: 'some', cause: code });
  });
});

test.each([
  [new errors.ConnectTimeoutError(), 'connect-timeout'],
  [new errors.HeadersTimeoutError(), 'first-byte-timeout'],
  [new errors.BodyTimeoutError(), 'idle-timeout'],
  [new errors.HeadersOverflowError(), 'bad-response'],
  [new errors.ResponseContentLengthMismatchError(), 'bad-response'],
  [new errors.HTTPParserError('bad', 'INVALID_CONSTANT' as never), 'bad-response'],
  [new errors.SocketError('other side closed'), 'reset'],
  [new errors.ClientDestroyedError(), 'reset'],
] as const)('undici’s own %s is %s', (error, kind) => {
  expect(faultOf(error, 'nothing')).toEqual({ kind, sent: 'nothing', cause: error.code });
});

test('what has no code is a reset, in its own words', () => {
  expect(faultOf(new Error('went wrong'), 'some')).toEqual({ kind: 'reset', sent: 'some', cause: 'went wrong' });
  expect(faultOf({ code: 7 }, 'some')).toEqual({ kind: 'reset', sent: 'some', cause: 'undefined' });
});

test.each([
  new errors.HTTPParserError('not HTTP'),
  new errors.SocketError('bad response'),
  new errors.SocketError('bad upgrade'),
])('an answer that undici cannot read is a bad one, whatever undici calls it', (error) => {
  expect(faultOf(error, 'some').kind).toBe('bad-response');
});
