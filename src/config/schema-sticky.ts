import { duration } from './duration.ts';
import { decimal, flag, matching, oneOf } from './scalars.ts';
import { HEADER } from './schema-policies.ts';
import { stickySecrets } from './sticky-secrets.ts';
import { block, key, needed, optional } from './zod-schema.ts';

/** `services.NAME.sticky`. */
export const STICKY = block('Keeps the requests of one client with one endpoint; off unless it is here.', {
  by: needed(
    oneOf(['cookie', 'header', 'client']),
    'How a client is told: a signed cookie of this edge, a request header, or its address (the /64 of an IPv6 one).',
  ),
  header: optional(HEADER, 'The request header of by: header, such as X-User-Id.'),
  cookie: key(
    matching('a name of a cookie, at most 64 characters', /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/),
    'meridian',
    'Name of the cookie of by: cookie.',
  ),
  secrets: optional(
    stickySecrets,
    'Sign the cookie (HMAC-SHA256), at least 32 characters each: the first signs, all are believed, so that one can be changed.',
  ),
  ttl: key(
    duration({ min: '10s', max: '8760h' }),
    '1h',
    'A cookie is good for this long; it is renewed when half is over.',
  ),
  same_site: key(oneOf(['lax', 'strict', 'none']), 'lax', 'SameSite of the cookie.'),
  secure: key(flag, true, 'Secure on the cookie: browsers send it over https only. false is for trying things out.'),
  on_failure: key(
    oneOf(['move', 'fail']),
    'move',
    'When its endpoint fails: move goes to another one and stays there, fail answers 503 until it is back.',
  ),
  load: key(
    decimal(1.05, 10),
    1.25,
    'by: header and client pass over an endpoint that has so many times its part of the load, once it is half full.',
  ),
});
