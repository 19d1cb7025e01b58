import { Field, FieldName } from './field.ts';

/** The static table (RFC 7541, Appendix A): names, and values where there are any. */
const ROWS = `:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`.split('\n');

/** By index less one. */
export const STATIC_FIELDS: readonly Field[] = fields();

/** The first index of each name. */
export const STATIC_NAMES: ReadonlyMap<string, number> = new Map(
  STATIC_FIELDS.map(({ name }, i) => [name.text, i + 1] as const).toReversed(),
);

/** The index of a field that is there as a whole; 0 for any other. */
export function staticIndexOf(name: string, value: string): number {
  const first = STATIC_NAMES.get(name) ?? 0;
  if (first === 0) return 0;
  for (let i = first; STATIC_FIELDS[i - 1]?.name.text === name; i += 1) {
    if (STATIC_FIELDS[i - 1]?.value === value) return i;
  }
  return 0;
}

/** Fields of one name share it. */
function fields(): Field[] {
  const names = new Map<string, FieldName>();
  return ROWS.map((row) => {
    const space = row.indexOf(' ');
    const text = space === -1 ? row : row.slice(0, space);
    const name = names.get(text) ?? new FieldName(text);
    names.set(text, name);
    return new Field(name, space === -1 ? '' : row.slice(space + 1));
  });
}
