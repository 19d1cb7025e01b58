import { isBlank } from '../../message/blank.ts';
import { ownText } from '../../message/own-text.ts';
import { isWorthLearning } from '../../message/worth-learning.ts';
import type { OutField } from './out-field.ts';

/** Heads that are known by their lines: those of a few kinds of clients, or of endpoints, are most of what a thread sends. */
export const KNOWN_MAX = 4;
/** Longer ones are read anew each time. */
export const KNOWN_CHARS_MAX = 4096;

/** What lines say: the fields that they are in HTTP/2, the authority, and the length of a body, where they say one. */
export class Said {
  readonly fields: OutField[] = [];
  authority: OutField | undefined;
  /** Bytes of a body, or what stands for one in chunks; undefined: nothing is said. */
  length: number | undefined;
  /** Where the lines end: the offset of the empty line, or of the end of the text. */
  end = 0;
}

/** What a line says, and whether the same field is likely to come with another value in the next head. */
export type ReadLine = (line: string, said: Said) => 'same' | 'changing' | 'length';

/**
 * Lines of a head: `text` is some that are the same each time, with their CRLF, or the name of one whose value is another each time, with colon and
 * blank. `like` is a field like the one of that, and `isLength` says that its value is the length of the body.
 */
type Part = {
  readonly text: string;
  readonly said: Said;
  readonly like: OutField | undefined;
  readonly isLength: boolean;
};
type Known = readonly Part[];

/**
 * Knows the lines of heads again. What clients of one kind say is the same from one request to the next but for a few values; comparing the text of
 * many lines with what it was before costs a fraction of cutting it into lines and looking each of them up.
 *
 * Nothing is guessed: what the same text says is the same, and a line whose value changes is read by its name.
 */
export class KnownLines {
  readonly #read: ReadLine;
  /** The last that was met comes first. */
  readonly #known: Known[] = [];
  #misses = 0;

  /** `read` reads a line that is not known, without its CRLF, and adds what it says. */
  constructor(read: ReadLine) {
    this.#read = read;
  }

  /** Adds what the lines of a head say, each of which has its CRLF, from `from` up to the empty line or the end. */
  said(head: string, from: number, into: Said): void {
    const before = into.fields.length;
    for (let i = 0; i < this.#known.length; i += 1) {
      const known = this.#known[i] as Known;
      if (isKnown(head, from, known, into)) {
        this.#misses = 0;
        if (i > 0) this.#first(i);
        return;
      }
      into.fields.length = before;
      into.authority = into.length = undefined;
    }
    this.#misses += 1;
    if (isWorthLearning(this.#misses) && head.length - from <= KNOWN_CHARS_MAX) this.#learn(head, from, into);
    else this.#readAll(head, from, into);
  }

  #first(i: number): void {
    const [known] = this.#known.splice(i, 1);
    this.#known.unshift(known as Known);
  }

  #readAll(head: string, from: number, into: Said): void {
    for (let at = from; ; ) {
      const end = head.indexOf('\r\n', at);
      into.end = at;
      if (end <= at) return;
      this.#read(head.slice(at, end), into);
      at = end + 2;
    }
  }

  #learn(head: string, from: number, into: Said): void {
    const parts: Part[] = [];
    let same = new Said();
    let sameFrom = from;
    for (let at = from; ; ) {
      const end = head.indexOf('\r\n', at);
      const line = end <= at ? '' : head.slice(at, end);
      const one = new Said();
      const kind = line === '' ? 'end' : this.#read(line, one);
      if (kind === 'same') add(one, same);
      else {
        if (at > sameFrom)
          parts.push({ text: ownText(head.slice(sameFrom, at)), said: same, like: undefined, isLength: false });
        add(same, into);
        into.end = at;
        if (kind === 'end') break;
        const like = (one.fields[0] as OutField).with('?');
        parts.push({ text: nameOf(line), said: NOTHING, like, isLength: kind === 'length' });
        add(one, into);
        same = new Said();
        sameFrom = end + 2;
      }
      at = end + 2;
    }
    if (this.#known.unshift(parts) > KNOWN_MAX) this.#known.pop();
  }
}

/** Whether the head is one of these lines to its end; if so, what it says has been added. */
function isKnown(head: string, from: number, known: Known, into: Said): boolean {
  let at = from;
  for (const { text, said, like, isLength } of known) {
    const end = at + text.length;
    // A slice is compared word by word, which `startsWith` does not do.
    if (head.slice(at, end) !== text) return false;
    if (like === undefined) {
      add(said, into);
      at = end;
      continue;
    }
    const lineEnd = head.indexOf('\r\n', end);
    const value = head.slice(end, lineEnd);
    // It may have been written otherwise than the line that was learned.
    if (lineEnd === end || isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1))) return false;
    into.fields.push(like.with(value));
    if (isLength) into.length = Number(value);
    at = lineEnd + 2;
  }
  into.end = at;
  return at === head.length || head.charCodeAt(at) === CR;
}

function add(from: Said, into: Said): void {
  for (const field of from.fields) into.fields.push(field);
  into.authority = from.authority ?? into.authority;
  into.length = from.length ?? into.length;
}

/** The name of a field, with the colon and a blank where there is one. */
function nameOf(line: string): string {
  const colon = line.indexOf(':');
  return ownText(line.slice(0, colon + (line.charCodeAt(colon + 1) === SP ? 2 : 1)));
}

const NOTHING = new Said();
const CR = 13;
const SP = 32;
