const REASON =
  'undici decodes reason phrases and keeps only the last piece, so Fastify puts the usual ones in; nothing reads them (RFC 9112 §4)';

/**
 * Where the engines may differ, and why: by the scenario's name. For these, what they do is not compared, but each has to do
 * what its scenario says of it. Everything else is the same to the byte, as far as `normal.ts` looks.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'interim answers: an unasked 100 Continue':
    'undici takes it for a broken answer (502); the wire engine does as RFC 9110 §15.2 says and waits for the final one',
  'bad answers: HTTP/2.0': 'undici takes an answer of any version and does not say which it was',
  'reasons: a reason that is no UTF-8': REASON,
  'reasons: no reason': REASON,
  'reasons: not even a space for it': REASON,
};
