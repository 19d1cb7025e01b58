import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { span } from '../../../src/demo/line.ts';
import { type Display, type Keyboard, Terminal } from '../../../src/demo/terminal.ts';

/** Both ends of a terminal that notes what is done to it. */
function ends(columns: number, rows: number) {
  const written: string[] = [];
  const done: string[] = [];
  const display = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: (text: string) => written.push(text) > 0,
  });
  const keyboard = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: (raw: boolean) => void done.push(`raw ${raw}`),
    setEncoding: () => {},
    resume: () => void done.push('resume'),
    pause: () => void done.push('pause'),
  });
  return { written, done, display, keyboard };
}

function open(
  of: ReturnType<typeof ends>,
  on: ConstructorParameters<typeof Terminal>[2] = { keys: () => {}, resize: () => {} },
) {
  const terminal = new Terminal(
    { keyboard: of.keyboard as unknown as Keyboard, display: of.display as unknown as Display },
    false,
    on,
  );
  terminal.open();
  return terminal;
}

test('it hides the cursor, and gives everything back once', () => {
  const of = ends(80, 24);
  const terminal = open(of);
  expect(of.written.join('')).toContain('\u001B[?1049h\u001B[?25l');
  terminal.close();
  terminal.close();
  expect(of.written.slice(1)).toEqual(['\u001B[?25h\u001B[?1049l']);
  expect(of.done).toEqual(['raw true', 'resume', 'raw false', 'pause']);
  expect(of.display.listenerCount('resize') + of.keyboard.listenerCount('data')).toBe(0);
});

test('a frame is one write that clears no more than it must, and keeps out of the last column', () => {
  const of = ends(10, 3);
  const terminal = open(of);
  of.written.length = 0;
  terminal.draw([[span('0123456789abc')], [span('x')], [span('y')], [span('too many')]]);
  expect(of.written).toEqual(['\u001B[?2026h\u001B[H012345678\u001B[K\r\nx\u001B[K\r\ny\u001B[K\u001B[J\u001B[?2026l']);
  terminal.close();
  of.written.length = 0;
  terminal.draw([[span('late')]]);
  expect(of.written).toEqual([]);
});

test('keys and new sizes are passed on', () => {
  const of = ends(80, 24);
  const heard: string[] = [];
  const terminal = open(of, { keys: (typed) => void heard.push(typed), resize: () => void heard.push('resized') });
  of.keyboard.emit('data', 'g');
  of.display.columns = 100;
  of.display.emit('resize');
  expect(heard).toEqual(['g', 'resized']);
  expect(terminal.size).toEqual({ columns: 100, rows: 24 });
  Object.assign(of.display, { columns: undefined, rows: 0 });
  expect(terminal.size).toEqual({ columns: 80, rows: 24 });
});
