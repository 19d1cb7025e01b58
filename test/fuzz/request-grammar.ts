import type { Dice } from './dice.ts';

/** A valid request in one of the many ways in which it may be written. */
export type Written = { readonly bytes: string; readonly method: string; readonly last: boolean };

const METHODS = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'PROPFIND',
  'M-SEARCH',
  'QUERY',
];
const NAMES = [
  'X-A',
  'x-b',
  'Accept',
  'Cookie',
  'cookie',
  'User-Agent',
  '__proto__',
  'constructor',
  "x!#$%&'*+.^_`|~",
  'Content-Type',
  'X-A',
  'Range',
  'Authorization',
];
const HOP = [
  'TE: trailers',
  'TE: gzip, trailers;q=0.5',
  'Keep-Alive: timeout=5',
  'Proxy-Connection: keep-alive',
  'Proxy-Authorization: x',
  'Trailer: X-T',
  'X-Forwarded-For: 1.2.3.4',
  'X-Forwarded-Proto: https',
  'X_Forwarded_For: 1.2.3.4',
  'x_request-id: theirs',
  'Forwarded: for=1.2.3.4',
  'X-Real-IP: 1.2.3.4',
  'X-Request-Id: mine',
  'Via: 1.1 somewhere, 1.0 else',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABk',
  'Expect: 100-continue',
];
const CONNECTION = ['keep-alive', 'Keep-Alive, X-A', 'x-b,,x-b', 'cookie', 'content-length', 'TE', 'host, via'];
const VALUE = 'abcXYZ019 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\x80\xff\xe9';
const PATH = 'abc09/./..//%2e%2F?=&;:@!$\'()*+,~-_[]|^`{}"<>\\';

export function writeRequest(dice: Dice, tag: string): Written {
  const method = dice.pick(METHODS);
  const body = dice.onceIn(method === 'GET' || method === 'HEAD' ? 6 : 2) ? bodyOf(dice) : undefined;
  const manner = mannerOf(dice, method, body);
  const hop = headersOf(dice).filter((line) => !manner.upgrades || !/^(?:upgrade|http2|expect)/i.test(line));
  const lines = [hostLine(dice), `X-Tag: ${tag}`, ...hop, ...(body?.lines ?? []), ...manner.lines];
  shuffle(dice, lines);
  const head = `${dice.pick(BLANKS)}${method} ${targetOf(dice, method)} HTTP/1.${manner.old ? 0 : 1}\r\n${lines.join('\r\n')}\r\n\r\n`;
  return { bytes: head + (body?.bytes ?? ''), method, last: manner.last };
}

type Manner = {
  readonly old: boolean;
  readonly upgrades: boolean;
  /** Nothing that comes behind it is a request. */
  readonly last: boolean;
  readonly lines: readonly string[];
};

/** What a request says of its protocol and of its connection. */
function mannerOf(dice: Dice, method: string, body: Body | undefined): Manner {
  if (body?.chunked !== true && dice.onceIn(10)) {
    // node:http closes behind its 204 to an `OPTIONS *` of HTTP/1.0.
    const kept = method !== 'OPTIONS' && dice.onceIn(2);
    return { old: true, upgrades: false, last: !kept, lines: kept ? ['Connection: keep-alive'] : [] };
  }
  if (body === undefined && dice.onceIn(25)) {
    const lines = ['Connection: keep-alive, Upgrade', 'Upgrade: custom/1'];
    return { old: false, upgrades: true, last: true, lines };
  }
  const close = dice.onceIn(12);
  if (close) return { old: false, upgrades: false, last: true, lines: ['connection: close'] };
  const lines = dice.onceIn(4) ? [`Connection: ${dice.pick(CONNECTION)}`] : [];
  return { old: false, upgrades: false, last: false, lines };
}

/** An empty line before a request is nothing. */
const BLANKS = [...Array<string>(30).fill(''), '\r\n'];

function targetOf(dice: Dice, method: string): string {
  if (method === 'OPTIONS' && dice.onceIn(4)) return '*';
  const path = `/${text(dice, PATH, dice.onceIn(20) ? 600 : 12)}`;
  return dice.onceIn(12)
    ? `${dice.pick(['http://', 'HTTP://'])}${dice.pick(['real.example', '[::1]:80', 'h:1'])}${path}`
    : path;
}

function hostLine(dice: Dice): string {
  return `${dice.pick(['Host', 'host', 'HOST'])}:${dice.pick([' ', '', '  ', '\t'])}${dice.pick(['a', 'shop.example:8080', '[::1]', '127.0.0.1:1', 'a_b.'])}`;
}

function headersOf(dice: Dice): string[] {
  const lines: string[] = [];
  for (let left = dice.below(7); left > 0; left -= 1) {
    if (dice.onceIn(4)) lines.push(dice.pick(HOP));
    else
      lines.push(
        `${dice.pick(NAMES)}:${dice.pick([' ', '', ' \t '])}${text(dice, VALUE, 20).trim()}${dice.pick(['', ' ', '\t'])}`,
      );
  }
  return lines;
}

type Body = { readonly lines: readonly string[]; readonly bytes: string; readonly chunked: boolean };

function bodyOf(dice: Dice): Body {
  const content = anything(dice, dice.onceIn(50) ? 5000 : 60);
  if (dice.onceIn(2))
    return {
      lines: [`${dice.pick(['Content-Length', 'content-length'])}: ${content.length}`],
      bytes: content,
      chunked: false,
    };
  return {
    lines: [`${dice.pick(['Transfer-Encoding', 'transfer-encoding'])}: ${dice.pick(['chunked', 'Chunked'])}`],
    bytes: inChunks(dice, content),
    chunked: true,
  };
}

/** Chunks of all shapes, with extensions and trailers. */
export function inChunks(dice: Dice, content: string): string {
  let bytes = '';
  for (const piece of dice.cut(content, 6)) {
    const size = dice.pick(['', '', '0', '000']) + piece.length.toString(16);
    bytes += `${dice.onceIn(2) ? size : size.toUpperCase()}${dice.pick(['', '', '', ';a', ';a=1', ';a="b c";d'])}\r\n${piece}\r\n`;
  }
  const trailers = dice.onceIn(5) ? `X-T: ${text(dice, 'abc', 5)}\r\n` : '';
  return `${bytes}0${dice.pick(['', '00'])}\r\n${trailers}\r\n`;
}

const EVIL = [
  'GET /evil HTTP/1.1\r\nHost: a\r\n\r\n',
  '0\r\n\r\n',
  '\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
];

/** Bytes of all kinds, often such as mean something in HTTP. */
export function anything(dice: Dice, lengthMax: number): string {
  if (dice.onceIn(3)) return dice.pick(EVIL);
  let bytes = '';
  for (let left = dice.below(lengthMax + 1); left > 0; left -= 1) bytes += String.fromCharCode(dice.below(256));
  return bytes;
}

export function text(dice: Dice, alphabet: string, lengthMax: number): string {
  let made = '';
  for (let left = dice.below(lengthMax + 1); left > 0; left -= 1) made += alphabet[dice.below(alphabet.length)];
  return made;
}

export function shuffle(dice: Dice, items: unknown[]): void {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = dice.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}
