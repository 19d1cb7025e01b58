import type { Factors } from '../../src/geo/factors.ts';
import { HUBS } from '../../src/geo/hubs.ts';
import { LINKS } from '../../src/geo/links.ts';
import { SUBREGIONS } from '../../src/geo/subregions.ts';

/** A pair of subregions whose factor is this near to 1 is left out: it is what is assumed anyway. */
const PAIR_TOLERANCE = 0.0045;

/** The text that `readFactors` reads. */
export function writeFactors(factors: Factors): string {
  const hubs = HUBS.map(({ name }, index) => `hub ${name} ${short(factors.accessMs[index])}${linksOf(index, factors)}`);
  const subregions = SUBREGIONS.map(
    (name, index) => `subregion ${name} ${short(factors.legInflation[index])}${pairsOf(index, factors)}`,
  );
  return [`all ${short(factors.baseMs)} ${short(factors.direct)}`, ...hubs, ...subregions].join('\n');
}

/** A TypeScript module that exports the text, with `note` as its comment. */
export function factorsModule(factors: Factors, name: string, note: string): string {
  return `/** ${note} Written by \`node bench/latency/fit.ts\`; not edited by hand. */\nexport const ${name} = \`\n${writeFactors(factors)}\n\`;\n`;
}

function linksOf(hub: number, factors: Factors): string {
  return LINKS.map(({ a, b }, index) =>
    a === hub ? ` ${HUBS[b]?.name ?? ''} ${short(factors.linkInflation[index])}` : '',
  ).join('');
}

function pairsOf(subregion: number, factors: Factors): string {
  return SUBREGIONS.slice(0, subregion + 1)
    .map((name, other) => [name, short(factors.pairFactor[subregion * SUBREGIONS.length + other])] as const)
    .filter(([, factor]) => Math.abs(Number(factor) - 1) > PAIR_TOLERANCE)
    .map(([name, factor]) => ` ${name} ${factor}`)
    .join('');
}

function short(value: number | undefined): string {
  return String(Number((value ?? 0).toFixed(3)));
}
