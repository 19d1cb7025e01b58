/** How a piece of a line looks on a terminal that has colours. */
export type Style = 'bold' | 'dim' | 'good' | 'warn' | 'bad';
export type Span = { readonly text: string; readonly style?: Style };
/** One line of the view. Every character of it takes one column. */
export type Line = readonly Span[];

const CODES: Readonly<Record<Style, string>> = { bold: '1', dim: '2', good: '32', warn: '33', bad: '31' };

/** A piece of a line, in a style where one is named. */
export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style };
}

/** The line cut to `columns`, with the codes of its styles or without. Control characters in it become `?`. */
export function paint(line: Line, columns: number, coloured: boolean): string {
  let left = columns;
  let painted = '';
  for (const { text, style } of line) {
    const cut = printable(text).slice(0, left);
    left -= cut.length;
    if (cut === '') continue;
    painted += coloured && style !== undefined ? `\u001B[${CODES[style]}m${cut}\u001B[0m` : cut;
  }
  return painted;
}

/** What comes from outside (reasons, paths) must not steer the terminal, nor end the line. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '?');
}
