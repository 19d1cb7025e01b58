import { isHostName } from './host-name.ts';
import { isAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';

const EXPECTED = 'a host name, with or without a port';

/** What a `Host` may be: a name or address, and perhaps a port. */
export const authorityKind: Kind<string> = {
  expected: EXPECTED,
  json: { type: 'string', minLength: 1 },
  read(value) {
    const bare = typeof value === 'string' ? value.toLowerCase().replace(/:\d{1,5}$/, '') : '';
    const known = isHostName(bare) || isAddress(bare.replace(/^\[(.*)\]$/, '$1'));
    return known ? right(String(value)) : wrong(mustBe(EXPECTED, value));
  },
};
