import { type Line, paint, type Span } from '../demo/line.ts';

/** A cell: text, or text in a style where there are colours. */
export type Cell = string | Span;

/** Rows of cells in columns, the first row being the heads; an empty line is not among them. `right` are columns of figures. */
export function textTable(rows: readonly (readonly Cell[])[], right: readonly number[] = [], coloured = false): string {
  return tableLines(rows, right)
    .map((line) => `${paint(line, Number.POSITIVE_INFINITY, coloured).trimEnd()}\n`)
    .join('');
}

/** The same as lines that are still to be painted. */
export function tableLines(rows: readonly (readonly Cell[])[], right: readonly number[] = []): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length);
  }
  return rows.map((row) =>
    row.map((cell, column): Span => {
      const text = textOf(cell);
      const width = widths[column] ?? 0;
      const last = column === row.length - 1;
      const padded = right.includes(column) ? text.padStart(width) : text.padEnd(last ? 0 : width);
      const spaced = last ? padded : `${padded}  `;
      return typeof cell === 'string' || cell.style === undefined
        ? { text: spaced }
        : { text: spaced, style: cell.style };
    }),
  );
}

/** The text of a cell, without its style. */
export function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
