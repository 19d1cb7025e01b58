import { expect, test } from 'vitest';
import { type Digest, digestText, membersText, readDigest, readMembers } from '../../../src/fleet/digest-text.ts';

const digest: Digest = {
  number: '5.1',
  edges: 3,
  members: 'm',
  names: 'n',
  inFlight: [4, 0, 1],
  up: [3, 3, 0],
  down: [0, 0, 2],
  unknown: [0, 0, 1],
  late: { a: 2000 },
  lags: { b: 300 },
};

test('a digest is read as it was written', () => {
  expect(digestText(digest)).toBe('[1,3,"m","n",3,"4,,1",",,3",",,2",",,1",{"a":2000},{"b":300}]');
  expect(readDigest('5.1', digestText(digest))).toEqual(digest);
});

test('garbage is no digest', () => {
  const texts = ['', '{', '[1]', digestText(digest).replace('[1,3', '[2,3'), digestText(digest).replace('"m"', '5')];
  for (const text of texts) expect(readDigest('1', text)).toBeUndefined();
  expect(readDigest('1', digestText(digest).replace('"n",3', '"n",1e9'))).toBeUndefined();
});

test('members are read as they were written', () => {
  expect(readMembers(membersText([['e', 'r']]))).toEqual([['e', 'r']]);
  expect(readMembers('{')).toEqual([]);
});
