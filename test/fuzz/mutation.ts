import type { Dice } from './dice.ts';

/** What parsers have disagreed about. */
const MORSELS = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\r\r\n',
  ' ',
  '\t',
  '\0',
  '\x0b',
  '\x0c',
  '\x7f',
  '\x80',
  '\xff',
  ':',
  ';',
  ',',
  '#',
  '"',
  '\\',
  'Content-Length: 5\r\n',
  'content-length: 0\r\n',
  'Content-Length : 3\r\n',
  'Content-Length: +3\r\n',
  'Content-Length:\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding: chunked, chunked\r\n',
  'Transfer-Encoding:\x0bchunked\r\n',
  'Transfer-Encoding: x\r\n',
  'Host: b\r\n',
  ' folded\r\n',
  '\tfolded\r\n',
  'Connection: close\r\n',
  'Connection: upgrade\r\nUpgrade: x\r\n',
  'Expect: x\r\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  'ffffffffffffffff\r\n',
  '-1\r\n',
  '0x5\r\n',
  ';ext=',
  ' HTTP/1.1',
  ' HTTP/1.0',
  ' HTTP/2.0',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'GET /evil HTTP/1.1\r\nHost: a\r\n\r\n',
  '__proto__: x\r\n',
  '://',
  '@',
  '*',
];

/** Spoils a message in one to three places. */
export function mutated(dice: Dice, bytes: string): string {
  let made = bytes;
  for (let left = dice.between(1, 3); left > 0; left -= 1) made = mutatedOnce(dice, made);
  return made;
}

function mutatedOnce(dice: Dice, bytes: string): string {
  const at = place(dice, bytes);
  const length = dice.onceIn(3) ? dice.below(20) : 1;
  const before = bytes.slice(0, at);
  const after = bytes.slice(at);
  switch (dice.below(9)) {
    case 0:
      return before + String.fromCharCode(dice.below(256)) + after.slice(1);
    case 1:
    case 2:
    case 3:
      return before + dice.pick(MORSELS) + after;
    case 4:
      return before + after.slice(length);
    case 5:
      return before + after.slice(0, length) + after;
    case 6:
      return before + dice.pick(MORSELS) + after.slice(length);
    case 7:
      return lines(dice, bytes);
    default:
      return before + (after[0] ?? '').toUpperCase().repeat(dice.below(3)) + after.slice(1);
  }
}

/** Somewhere, and more often where a line ends or begins. */
function place(dice: Dice, bytes: string): number {
  const at = dice.below(bytes.length + 1);
  if (dice.onceIn(2)) return at;
  const end = bytes.indexOf('\r\n', at);
  return end === -1 ? at : end + dice.pick([0, 0, 1, 2, 2]);
}

/** One line more, one fewer, or two that have changed places. */
function lines(dice: Dice, bytes: string): string {
  const all = bytes.split('\r\n');
  const [i, j] = [dice.below(all.length), dice.below(all.length)];
  if (dice.onceIn(3)) all.splice(i, 1);
  else if (dice.onceIn(2)) all.splice(i, 0, all[j] as string);
  else [all[i], all[j]] = [all[j] as string, all[i] as string];
  return all.join('\r\n');
}
