import { expect, test } from 'vitest';
import { crc32c } from '../../../../src/edge/client/crc32c.ts';

/** RFC 3720, appendix B.4, and the check value of the catalogue of CRCs. */
test.each([
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 255), 0x62a8ab43],
  ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
])('of %s', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});
