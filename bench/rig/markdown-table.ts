/**
 * A Markdown table with aligned columns, which reads well on a terminal too. The first `names` columns are text, the
 * others are figures and stand to the right.
 */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[], names: number): string {
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => (line[i] ?? '').length)));
  const row = (of: readonly string[]): string =>
    `| ${of.map((cell, i) => (i < names ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i < names ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}
