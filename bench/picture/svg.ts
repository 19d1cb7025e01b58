import type { Line, Style } from '../../src/demo/line.ts';

const CHAR_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 16;
const COLOURS: Readonly<Record<Style | 'plain' | 'ground', string>> = {
  ground: '#10151d',
  plain: '#d7dde6',
  bold: '#ffffff',
  dim: '#8593a6',
  good: '#5bd38a',
  warn: '#f2c14e',
  bad: '#ff6b6b',
};

/** Lines as a terminal shows them, as a picture. Each piece stands at its column, whatever widths the font has. */
export function svgOf(lines: readonly Line[], title: string): string {
  const columns = Math.max(...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const [width, height] = [Math.ceil(columns * CHAR_WIDTH) + 2 * MARGIN, lines.length * LINE_HEIGHT + 2 * MARGIN];
  const texts = lines.flatMap((line, row) => textsOf(line, MARGIN + (row + 0.75) * LINE_HEIGHT));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${title}</title>
<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.ground}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${texts.join('\n')}
</g>
</svg>
`;
}

function textsOf(line: Line, y: number): readonly string[] {
  let column = 0;
  const texts: string[] = [];
  for (const { text, style } of line) {
    const blanks = text.length - text.trimStart().length;
    const word = text.trim();
    const x = MARGIN + (column + blanks) * CHAR_WIDTH;
    column += text.length;
    if (word === '') continue;
    const weight = style === 'bold' ? ' font-weight="bold"' : '';
    const length = (word.length * CHAR_WIDTH).toFixed(1);
    texts.push(
      `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${COLOURS[style ?? 'plain']}"${weight}>${escaped(word)}</text>`,
    );
  }
  return texts;
}

function escaped(text: string): string {
  // Spaces that stand side by side would be one.
  return text.replaceAll(' ', '\u00A0').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
