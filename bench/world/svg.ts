/** A picture as text, drawn with a few lines: no library, and readable where it is committed. Colours suit light and dark pages. */
export const COLOURS = ['#2f81f7', '#1a7f37', '#cf222e', '#bf8700', '#8250df', '#57606a', '#953800'] as const;
const INK = '#6e7781';
const LEFT = 60;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 30;

export type Curve = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };
export type Chart = {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly yMax: number;
  readonly yTicks: readonly number[];
  readonly xTicks: readonly (readonly [x: number, text: string])[];
  /** A part of the x axis that is shaded, and what it is. */
  readonly shaded?: { readonly from: number; readonly to: number; readonly name: string };
};

/** Curves over one axis; what is above `yMax` is cut off. */
export function curvesOf({ title, curves, yMax, yTicks, xTicks, shaded }: Chart): string {
  const [width, height] = [760, 320];
  const xs = curves.flatMap(({ points }) => points.map(([x]) => x));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const x = (value: number) => LEFT + ((value - low) / (high - low)) * (width - LEFT - RIGHT);
  const y = (value: number) => height - BOTTOM - (Math.min(value, yMax) / yMax) * (height - TOP - BOTTOM);
  const shade = shaded && [
    `<rect x="${fixed(x(shaded.from))}" y="${TOP}" width="${fixed(x(shaded.to) - x(shaded.from))}" height="${height - TOP - BOTTOM}" fill="${INK}" opacity="0.15"/>`,
    words(x(shaded.from) + 4, TOP + 12, shaded.name),
  ];
  const grid = yTicks.flatMap((value) => [
    `<line x1="${LEFT}" y1="${fixed(y(value))}" x2="${width - RIGHT}" y2="${fixed(y(value))}" stroke="${INK}" opacity="0.3"/>`,
    words(LEFT - 6, y(value) + 4, String(value), 'end'),
  ]);
  const ticks = xTicks.map(([value, text]) => words(x(value), height - 10, text, 'middle'));
  const lines = curves.map(({ points }, at) => {
    const path = points.map(([px, py]) => `${fixed(x(px))},${fixed(y(py))}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colourOf(at)}" stroke-width="1.8"/>`;
  });
  const names = curves.map(({ name }) => name);
  return picture(width, height, [
    words(LEFT, 16, title),
    ...legend(names, 32),
    ...(shade ?? []),
    ...grid,
    ...ticks,
    ...lines,
  ]);
}

export type Bars = {
  readonly title: string;
  readonly names: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly xMax: number;
  readonly xTicks: readonly number[];
};

/** For each row a bar for each name; what is beyond `xMax` ends in an arrow and its figure. */
export function barsOf({ title, names, rows, xMax, xTicks }: Bars): string {
  const [width, left, bar, gap] = [760, 150, 7, 8];
  const rowHeight = names.length * bar + gap;
  const height = TOP + rows.length * rowHeight + BOTTOM;
  const x = (value: number) => left + (Math.min(value, xMax) / xMax) * (width - left - 50);
  const grid = xTicks.flatMap((value) => [
    `<line x1="${fixed(x(value))}" y1="${TOP}" x2="${fixed(x(value))}" y2="${height - BOTTOM}" stroke="${INK}" opacity="0.3"/>`,
    words(x(value), height - 10, String(value), 'middle'),
  ]);
  const drawn = rows.flatMap(({ label, values }, row) => {
    const top = TOP + row * rowHeight;
    return [
      words(left - 6, top + rowHeight / 2 + 2, label, 'end'),
      ...values.flatMap((value, at) => [
        `<rect x="${left}" y="${top + at * bar}" width="${fixed(x(value) - left)}" height="${bar - 1}" fill="${colourOf(at)}"/>`,
        ...(value > xMax ? [words(x(value) + 3, top + (at + 1) * bar, `→ ${value.toFixed(1)}`)] : []),
      ]),
    ];
  });
  return picture(width, height, [words(LEFT, 16, title), ...legend(names, 32), ...grid, ...drawn]);
}

function legend(names: readonly string[], y: number): readonly string[] {
  let x = LEFT;
  return names.flatMap((name, at) => {
    const here = x;
    x += 26 + name.length * 6.6;
    return [
      `<rect x="${fixed(here)}" y="${y - 8}" width="10" height="8" fill="${colourOf(at)}"/>`,
      words(here + 14, y, name),
    ];
  });
}

function colourOf(at: number): string {
  return COLOURS[at % COLOURS.length] as string;
}

function words(x: number, y: number, text: string, anchor = 'start'): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="${INK}">${safe}</text>`;
}

function picture(width: number, height: number, parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`;
  return `${[open, ...parts].join('\n')}\n</svg>\n`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
