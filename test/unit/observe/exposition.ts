/** One line of an exposition text. */
export type Line = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

export type Exposition = {
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
  readonly lines: readonly Line[];
};

const LINE = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/;

/** Reads the text format of Prometheus, strictly: what it cannot read, it throws at. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  const lines: Line[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      const into = kind === 'HELP' ? help : types;
      if (into.has(name)) throw new Error(`${name} has two lines of ${kind}`);
      into.set(name, rest);
      continue;
    }
    const match = LINE.exec(line);
    if (match === null) throw new Error(`not a line of an exposition: ${line}`);
    lines.push({ name: match[1]!, labels: labelsOf(match[2] ?? ''), value: valueOf(match[3]!) });
  }
  const keys = lines.map(({ name, labels }) => `${name} ${textOf(labels)}`);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i && keys.length < 20_000);
  if (twice !== undefined) throw new Error(`two lines of ${twice}`);
  return { types, help, lines };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const match = LABEL.exec(rest);
    if (match === null) throw new Error(`not labels: ${rest}`);
    labels[match[1]!] = match[2]!;
    rest = rest.slice(match[0].length);
  }
  return labels;
}

function valueOf(text: string): number {
  const value = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
  if (Number.isNaN(value)) throw new Error(`not a value: ${text}`);
  return value;
}

/** The value of the one line with this name and exactly these labels. */
export function valueAt(
  { lines }: Pick<Exposition, 'lines'>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = textOf(labels);
  const found = lines.filter((l) => l.name === name && textOf(l.labels) === wanted);
  if (found.length !== 1) throw new Error(`${found.length} lines of ${name} ${wanted}`);
  return found[0]!.value;
}

function textOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
