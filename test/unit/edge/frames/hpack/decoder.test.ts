import { expect, test } from 'vitest';
import { COMPRESSION_ERROR, ENHANCE_YOUR_CALM, NO_ERROR } from '../../../../../src/edge/frames/error-code.ts';
import { Decoder } from '../../../../../src/edge/frames/hpack/decoder.ts';
import { FieldList } from '../../../../../src/edge/frames/hpack/field-list.ts';

const LIST = new FieldList();

function decode(decoder: Decoder, hex: string): { code: number; fields: string[] } {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  LIST.begin(65_536, 262_144);
  const code = decoder.decode(bytes, 0, bytes.length, LIST);
  return { code, fields: LIST.fields.map(({ name, value }) => `${name.text}: ${value}`) };
}

/** RFC 7541, Appendix C: blocks that follow each other on one connection, and the fields that they are. */
type Example = readonly [name: string, tableBytesMax: number, ...blocks: (readonly [hex: string, fields: string[]])[]];
const EXAMPLES: readonly Example[] = [
  [
    'C.2.1 literal with indexing',
    4096,
    ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key: custom-header']],
  ],
  ['C.2.2 literal without indexing', 4096, ['040c 2f73 616d 706c 652f 7061 7468', [':path: /sample/path']]],
  ['C.2.3 literal never indexed', 4096, ['1008 7061 7373 776f 7264 0673 6563 7265 74', ['password: secret']]],
  ['C.2.4 indexed', 4096, ['82', [':method: GET']]],
  [
    'C.3 requests without Huffman coding',
    4096,
    [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    ],
    [
      '8286 84be 5808 6e6f 2d63 6163 6865',
      [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    ],
    [
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      [
        ':method: GET',
        ':scheme: https',
        ':path: /index.html',
        ':authority: www.example.com',
        'custom-key: custom-value',
      ],
    ],
  ],
  [
    'C.4 requests with Huffman coding',
    4096,
    [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    ],
    [
      '8286 84be 5886 a8eb 1064 9cbf',
      [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    ],
    [
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      [
        ':method: GET',
        ':scheme: https',
        ':path: /index.html',
        ':authority: www.example.com',
        'custom-key: custom-value',
      ],
    ],
  ],
  [
    'C.5 responses without Huffman coding, and a table of 256 bytes',
    256,
    [
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      [
        ':status: 302',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:21 GMT',
        'location: https://www.example.com',
      ],
    ],
    [
      '4803 3330 37c1 c0bf',
      [
        ':status: 307',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:21 GMT',
        'location: https://www.example.com',
      ],
    ],
    [
      '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
      [
        ':status: 200',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:22 GMT',
        'location: https://www.example.com',
        'content-encoding: gzip',
        'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      ],
    ],
  ],
  [
    'C.6 responses with Huffman coding, and a table of 256 bytes',
    256,
    [
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      [
        ':status: 302',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:21 GMT',
        'location: https://www.example.com',
      ],
    ],
    [
      '4883 640e ffc1 c0bf',
      [
        ':status: 307',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:21 GMT',
        'location: https://www.example.com',
      ],
    ],
    [
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      [
        ':status: 200',
        'cache-control: private',
        'date: Mon, 21 Oct 2013 20:13:22 GMT',
        'location: https://www.example.com',
        'content-encoding: gzip',
        'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      ],
    ],
  ],
];

test.each(EXAMPLES.map((example) => [example[0], example] as const))('%s', (_, [, tableBytesMax, ...blocks]) => {
  const decoder = new Decoder(tableBytesMax);
  for (const [hex, fields] of blocks) expect(decode(decoder, hex)).toEqual({ code: NO_ERROR, fields });
});

test.each([
  ['the index 0', '80'],
  ['an index that no table has', 'be'],
  ['a name at an index that no table has', '7f00 0161'],
  ['an index that does not end', 'ff80 80'],
  ['an index of many zeros', `ff${'80'.repeat(12)}01`],
  ['an index beyond all bounds', 'ffff ffff ff7f'],
  ['a block that ends before its value', '4001 61'],
  ['a name that is longer than its block', '4005 6162'],
  ['a string that ends in more than seven bits of padding', '0001 6182 1fff'],
  ['a string whose padding is not all ones', '0001 6181 18'],
  ['a string with the end of string in it', '0001 6184 ffff ffff'],
  ['a size update behind a field', '8220'],
  ['three size updates', '2020 2082'],
  ['a size above the one that was announced', '3fe2 1f'],
])('%s is an error', (_, hex) => {
  expect(decode(new Decoder(), hex).code).toBe(COMPRESSION_ERROR);
});

test.each([
  ['one size update', '20 82'],
  ['two size updates', '20 3fe1 1f 82'],
  ['the size that was announced', '3fe1 1f 82'],
])('%s before the fields is none', (_, hex) => {
  expect(decode(new Decoder(), hex)).toEqual({ code: NO_ERROR, fields: [':method: GET'] });
});

test('a table of no size forgets all that it had', () => {
  const decoder = new Decoder();
  expect(decode(decoder, '4001 6101 62').code).toBe(NO_ERROR);
  expect(decode(decoder, 'be').fields).toEqual(['a: b']);
  expect(decode(decoder, '20 be').code).toBe(COMPRESSION_ERROR);
});

test('what is too large is counted but not kept, and one entry said over and over again ends it', () => {
  const decoder = new Decoder();
  const value = Buffer.alloc(3000, 'x').toString('hex');
  expect(decode(decoder, `4001617fb916${value}`).code).toBe(NO_ERROR);
  expect(LIST.fields[0]?.value).toHaveLength(3000);
  expect(decode(decoder, 'be'.repeat(30)).code).toBe(NO_ERROR);
  expect(LIST.isTooLarge).toBe(true);
  expect(LIST.fields).toHaveLength(21);
  expect(decode(decoder, 'be'.repeat(200)).code).toBe(ENHANCE_YOUR_CALM);
});

test.each([
  ['an upper-case letter', '0001 4101 62'],
  ['a colon in a name', '0003 613a 6201 63'],
  ['a space in a name', '0002 6120 0162'],
  ['an empty name', '0000 0162'],
  ['only a colon', '0001 3a01 62'],
  ['CR in a value', '0001 6103 620d 63'],
  ['LF in a value', '0001 6103 620a 63'],
  ['NUL in a value', '0001 6103 6200 63'],
  ['DEL in a value', '0001 6103 627f 63'],
  ['a space before a value', '0001 6102 2062'],
  ['a tab behind a value', '0001 6102 6209'],
])('a field with %s is decoded, and is not sound', (_, hex) => {
  expect(decode(new Decoder(), hex).code).toBe(NO_ERROR);
  expect(LIST.fields[0]?.sound).toBe(false);
});

test.each([
  ['a value with a tab inside', '0001 6103 6209 63'],
  ['an empty value', '0001 6100'],
  ['letters beyond ASCII in a value', '0001 6102 c3a4'],
])('a field with %s is sound', (_, hex) => {
  expect(decode(new Decoder(), hex).code).toBe(NO_ERROR);
  expect(LIST.fields[0]?.sound).toBe(true);
});
