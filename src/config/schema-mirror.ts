import { OWNER_NAME } from './backend-kind.ts';
import { duration } from './duration.ts';
import { integer, listOf, matching, oneOf } from './scalars.ts';
import { share } from './share.ts';
import { size } from './size.ts';
import { block, key, needed } from './zod-schema.ts';

/** What is kept of bodies for copies, at most. */
const BODY_MAX = '1MiB';

/** `services.NAME.mirror`. */
export const MIRROR = block('A share of the requests is sent to somebody else as well, whose answers are dropped.', {
  to: needed(OWNER_NAME, 'The backend, or the service, whose endpoints get the copies.'),
  share: key(share, '1%', 'Share of the requests with one of these methods.'),
  methods: key(
    listOf(matching('a method in capital letters', /^[A-Z][A-Z0-9-]{0,31}$/), 1, 16),
    ['GET', 'HEAD', 'OPTIONS'],
    'Methods of requests that may be carried out twice: what changes something, changes it there too.',
  ),
  body: key(
    size(BODY_MAX),
    '64KiB',
    'A request with a longer body is not mirrored; nor is one longer than retries.buffer.',
  ),
  concurrent: key(
    integer(1, 10_000),
    64,
    'Copies under way at a time, per edge thread; further requests are not mirrored.',
  ),
  timeout: key(duration({ min: '10ms', max: '1m' }), '5s', 'A copy is given up after this time.'),
  credentials: key(
    oneOf(['strip', 'pass']),
    'strip',
    'Whether copies carry what says who asks: Authorization, Cookie, API keys and their kind.',
  ),
});
