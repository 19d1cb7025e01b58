import type { ReadStream, WriteStream } from 'node:tty';
import { type Line, paint } from './line.ts';

/** What is used of the two ends of a terminal. */
export type Keyboard = Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause' | 'setEncoding' | 'isTTY'>;
export type Display = Pick<WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;

const ESC = '\u001B[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}2J`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
/** A terminal that knows these shows what is between them at once; others ignore them. */
const [HOLD, SHOW] = [`${ESC}?2026h`, `${ESC}?2026l`];

/**
 * Draws on the alternate screen, so that what was there before is there again afterwards. A frame is one write, goes over
 * the last one line by line and clears only what is left of it: nothing flickers.
 */
export class Terminal {
  readonly #keyboard: Keyboard | undefined;
  readonly #display: Display;
  readonly #coloured: boolean;
  readonly #onKeys: (typed: string) => void;
  readonly #onResize: () => void;
  #open = false;

  constructor(
    ends: { readonly keyboard: Keyboard | undefined; readonly display: Display },
    coloured: boolean,
    on: { readonly keys: (typed: string) => void; readonly resize: () => void },
  ) {
    this.#keyboard = ends.keyboard;
    this.#display = ends.display;
    this.#coloured = coloured;
    this.#onKeys = on.keys;
    this.#onResize = on.resize;
  }

  /** A terminal that does not say how large it is has 80 columns and 24 rows. */
  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#display.columns || 80, rows: this.#display.rows || 24 };
  }

  open(): void {
    this.#open = true;
    this.#display.write(ENTER);
    this.#display.on('resize', this.#onResize);
    if (this.#keyboard === undefined) return;
    this.#keyboard.setRawMode(true);
    this.#keyboard.setEncoding('utf8');
    this.#keyboard.on('data', this.#onKeys);
    this.#keyboard.resume();
  }

  draw(lines: readonly Line[]): void {
    if (!this.#open) return;
    const { columns, rows } = this.size;
    // Not into the last column: there a terminal waits before it wraps, and clearing would take the last character.
    const painted = lines.slice(0, rows).map((line) => `${paint(line, columns - 1, this.#coloured)}${ESC}K`);
    this.#display.write(`${HOLD}${ESC}H${painted.join('\r\n')}${ESC}J${SHOW}`);
  }

  /** Gives the screen, the cursor and the keyboard back. May be called twice, and as the process exits. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#display.write(LEAVE);
    this.#display.off('resize', this.#onResize);
    if (this.#keyboard === undefined) return;
    this.#keyboard.off('data', this.#onKeys);
    this.#keyboard.setRawMode(false);
    this.#keyboard.pause();
  }
}
