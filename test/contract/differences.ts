const REASON =
  'undici decodes reason phrases and keeps only the last piece, so Fastify puts the usual ones in; nothing reads them (RFC 9112 §4)';

const FIRST_PIECE =
  'what is broken in the same piece as its head is no answer yet for the wire engine, which may try elsewhere or says 502';

/**
 * Where the engines may differ, and why: by the theme's or the scenario's name. For these, what they do is not compared, but each has to do
 * what its scenario says of it. Everything else is the same to the byte, as far as `normal.ts` looks.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'bad answers: HTTP/2.0': 'undici takes an answer of any version and does not say which it was',
  "answers that break off: a bad chunk size, and the connection's end": FIRST_PIECE,
  "answers that break off: a bad chunk size, and the connection's reset": FIRST_PIECE,
  "answers that break off: a chunk longer than its size, and the connection's end": FIRST_PIECE,
  "answers that break off: a chunk longer than its size, and the connection's reset": FIRST_PIECE,
  'failing over: chunks are sent again whole':
    'the wire engine sends again what it has kept, in chunks; the general one has the whole body by then and says its length',
  'refused bodies':
    'a body that is broken in its first piece has no endpoint bothered with it; and the general engine says 431 of trailers without end',
  'reasons: a reason that is no UTF-8': REASON,
  'reasons: no reason': REASON,
  'reasons: not even a space for it': REASON,
};
