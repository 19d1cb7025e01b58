import { authorityKind } from './authority-kind.ts';
import { fieldTemplate } from './field-template.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { listOf, matching, oneOf } from './scalars.ts';
import { block, key, mapOfValues, optional, under } from './zod-schema.ts';

/** The name of a header field. Which of them a rule may not touch is in rules-messages.ts. */
const FIELD_NAME = matching('the name of a header field', /^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,128}$/);
/** Rules of one kind for one direction. */
const FIELDS_MAX = 64;

const fields = (doc: string) =>
  block(doc, {
    set: under(mapOfValues(FIELD_NAME, fieldTemplate, 'Fields by name, in place of those that there are.')),
    add: under(mapOfValues(FIELD_NAME, fieldTemplate, 'Fields by name, beside those that there are.')),
    remove: key(listOf(FIELD_NAME, 0, FIELDS_MAX), [], 'Names of fields that go no further.'),
  });

/** `services.NAME.headers.request` and `.response`. */
export const REQUEST_FIELDS = fields('What endpoints are sent.');
export const RESPONSE_FIELDS = fields('What clients are sent.');

/** `services.NAME.headers`. */
export const HEADERS = block('Header fields that are set, added and removed as messages pass.', {
  request: under(REQUEST_FIELDS.schema),
  response: under(RESPONSE_FIELDS.schema),
});

const PREFIX_EXPECTED =
  'a path such as /api, of visible ASCII characters without "?" and "#", "." and ".." as segments, and without a slash at its end';
const PREFIX = /^\/(?!.*\/\.{0,2}(?:\/|$))(?!\.{1,2}(?:\/|$))[!"$-.0->@-~][!"$->@-~]{0,2046}$/;
const prefix = matching(PREFIX_EXPECTED, PREFIX);

/** A beginning of paths, where `/` is that of every path. */
const beginning: Kind<string> = {
  expected: `"/" or ${PREFIX_EXPECTED}`,
  json: { type: 'string', pattern: '^/' },
  read: (value) => (value === '/' ? right('') : prefix.read(value)),
};

/** `services.NAME.path`, and the `path` of a redirect. */
export const PATH = block('What becomes of the path, in this order; all else of it stays as it came, byte for byte.', {
  strip_prefix: optional(prefix, 'Beginning that is taken off, where a path has it.'),
  replace: under(
    mapOfValues(beginning, beginning, 'Beginnings of paths and what is put in their place; the longest wins.'),
  ),
  add_prefix: optional(prefix, 'Put before the path.'),
  set: optional(
    matching('a path that begins with "/", of visible ASCII characters without "?" and "#"', /^\/[!"$->@-~]{0,2047}$/),
    'The whole path, in place of whatever was asked for; the query stays.',
  ),
});

const STATUSES = [301, 302, 303, 307, 308];
const STATUS: Kind<number> = {
  expected: '301, 302, 303, 307 or 308',
  json: { enum: STATUSES },
  read: (value) =>
    STATUSES.includes(value as number) ? right(value as number) : wrong(mustBe('301, 302, 303, 307 or 308', value)),
};

/** `services.NAME.redirect`. */
export const REDIRECT = block('Sends clients elsewhere; a request that is there already goes on to the endpoints.', {
  scheme: optional(oneOf(['https', 'http']), 'Scheme of where they are sent; as they asked when left out.'),
  host: optional(authorityKind, 'Host of where they are sent, with or without a port; as they asked when left out.'),
  path: under(PATH.schema),
  status: key(STATUS, 308, 'Status of the answer; 307 and 308 keep method and body, 301 and 308 are remembered.'),
});

/** `services.NAME.hsts`: words for what RFC 6797 says. */
export const HSTS_VALUES = {
  off: '',
  on: 'max-age=31536000',
  subdomains: 'max-age=31536000; includeSubDomains',
  preload: 'max-age=63072000; includeSubDomains; preload',
} as const;
export const HSTS = oneOf(['off', 'on', 'subdomains', 'preload'], { true: 'on', yes: 'on', false: 'off', no: 'off' });
