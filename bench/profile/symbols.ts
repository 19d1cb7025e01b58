import { markdownTable } from '../rig/markdown-table.ts';

/** What perf found: each symbol's share of all samples, 0 to 100. */
export type Symbols = readonly { readonly share: number; readonly part: Part; readonly name: string }[];

const PARTS = [
  'kernel',
  'Meridian',
  'Node, JavaScript',
  'V8 builtins',
  'Node and V8, native',
  'system libraries',
] as const;
type Part = (typeof PARTS)[number];

/** Reads a report of `perf report --sort symbol`. */
export function readSymbols(report: string): Symbols {
  return report.split('\n').flatMap((line) => {
    const [, share, space, name] = /^\s*([\d.]+)%\s+\[(.)\]\s+(.+?)\s*$/.exec(line) ?? [];
    if (share === undefined || space === undefined || name === undefined) return [];
    return [{ share: Number(share), part: partOf(space, name), name: shortName(name) }];
  });
}

/** Microseconds a request by part. */
export function tableOfParts(symbols: Symbols, usARequest: number): string {
  const lines = PARTS.map((part) => {
    const share = symbols.filter((symbol) => symbol.part === part).reduce((sum, symbol) => sum + symbol.share, 0);
    return [part, `${share.toFixed(1)} %`, ((share * usARequest) / 100).toFixed(2)];
  });
  return markdownTable(['part', 'share', 'µs a request'], lines, 1);
}

/** The same by file of Meridian's own, and by function for the dearest ones. */
export function tableOfPlaces(symbols: Symbols, usARequest: number, top: number): string {
  return tableOf('function of Meridian', (part) => part === 'Meridian')(symbols, usARequest, top);
}

/** The dearest functions of what is neither Meridian's nor the kernel's. */
export function tableOfRuntime(symbols: Symbols, usARequest: number, top: number): string {
  return tableOf('function of the runtime', (part) => part !== 'Meridian' && part !== 'kernel')(
    symbols,
    usARequest,
    top,
  );
}

const tableOf =
  (title: string, belongs: (part: Part) => boolean) =>
  (symbols: Symbols, usARequest: number, top: number): string => {
    const byName = new Map<string, number>();
    for (const { part, name, share } of symbols) {
      if (belongs(part)) byName.set(name, (byName.get(name) ?? 0) + share);
    }
    const dearest = [...byName].sort(([, a], [, b]) => b - a).slice(0, top);
    const lines = dearest.map(([name, share]) => [name, ((share * usARequest) / 100).toFixed(2)]);
    return markdownTable([title, 'µs a request'], lines, 1);
  };

function partOf(space: string, name: string): Part {
  if (space === 'k') return 'kernel';
  if (name.startsWith('JS:'))
    return name.includes('/src/') && !name.includes('node_modules') ? 'Meridian' : 'Node, JavaScript';
  if (name.startsWith('Builtins_')) return 'V8 builtins';
  return /v8::|node::|^uv_|^(?:non-virtual )?thunk/.test(name) ? 'Node and V8, native' : 'system libraries';
}

/** `JS:*'parseField file:///…/src/edge/wire/fields.ts:53:20` → `parseField (edge/wire/fields.ts)` */
function shortName(name: string): string {
  const [, func, file] = /^JS:\S?'?(\S*) \S*\/src\/(\S+?\.ts)/.exec(name) ?? [];
  return file === undefined ? name : `${func === '' ? '(anonymous)' : func} (${file})`;
}
