import type { Dice } from './dice.ts';
import { anything, inChunks, shuffle, text } from './request-grammar.ts';

/** A valid answer, and what the origin does after it. */
export type Script = { readonly bytes: string; readonly after: 'keep' | 'end' };

const STATUSES = [
  '200 OK',
  '200 OK',
  '200 OK',
  '201 Created',
  '206 Partial Content',
  '404 Not Found',
  '500 Internal Server Error',
  "418 I'm a Teapot",
  '204 No Content',
  '304 Not Modified',
  '301 Moved Permanently',
];
const NAMES = [
  'X-A',
  'x-a',
  'Set-Cookie',
  'set-cookie',
  'ETag',
  'Cache-Control',
  '__proto__',
  'Server',
  'Content-Type',
  'Location',
  'Date',
];
const HOP = [
  'Keep-Alive: timeout=50',
  'Proxy-Authenticate: Basic',
  'Upgrade: h2c',
  'X-Request-Id: theirs',
  'Trailer: X-T',
  'Connection: X-A',
  'Connection: keep-alive, etag',
];
const VALUE = 'abcXYZ019 !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~\x80\xff\xe9';

export function writeAnswer(dice: Dice, { method, tag }: { readonly method: string; readonly tag: string }): Script {
  const status = dice.pick(STATUSES);
  const bodiless = method === 'HEAD' || /^(?:204|304)/.test(status);
  const content = `${tag};${anything(dice, dice.onceIn(60) ? 20_000 : 80)}`;
  const framing: Framing = status.startsWith('204') ? 'none' : dice.pick(FRAMINGS);
  const close = dice.onceIn(10) || (framing === 'to-end' && !bodiless);
  const lines = [...headersOf(dice), ...framingLines(dice, framing, content.length)];
  if (close && dice.onceIn(2)) lines.push('Connection: close');
  shuffle(dice, lines);
  const minor = close && framing !== 'chunked' ? dice.pick([0, 1, 1]) : 1;
  const head = `${interim(dice)}HTTP/1.${minor} ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
  const after = close ? 'end' : 'keep';
  if (bodiless) return { bytes: head, after };
  return { bytes: head + (framing === 'chunked' ? inChunks(dice, content) : content), after };
}

type Framing = 'none' | 'length' | 'chunked' | 'to-end';
const FRAMINGS: readonly Framing[] = ['length', 'length', 'chunked', 'chunked', 'to-end'];

function framingLines(dice: Dice, framing: Framing, bytes: number): string[] {
  if (framing === 'length') return [`${dice.pick(['Content-Length', 'content-length'])}: ${bytes}`];
  return framing === 'chunked' ? [`Transfer-Encoding: ${dice.pick(['chunked', 'Chunked'])}`] : [];
}

function interim(dice: Dice): string {
  if (!dice.onceIn(15)) return '';
  return dice.pick(['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n']);
}

function headersOf(dice: Dice): string[] {
  const lines: string[] = [];
  for (let left = dice.below(6); left > 0; left -= 1) {
    if (dice.onceIn(5)) lines.push(dice.pick(HOP));
    else
      lines.push(
        `${dice.pick(NAMES)}:${dice.pick([' ', '', ' \t'])}${text(dice, VALUE, 20).trim()}${dice.pick(['', ' '])}`,
      );
  }
  return lines;
}
