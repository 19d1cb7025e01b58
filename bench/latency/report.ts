import type { Factors } from '../../src/geo/factors.ts';
import { KM_PER_ROUND_TRIP_MS } from '../../src/geo/great-circle.ts';
import { Network } from '../../src/geo/network.ts';
import type { Estimate } from './figures.ts';
import { figuresOf } from './figures.ts';
import type { Pair } from './measurements.ts';

export type Row = { readonly name: string; readonly pairs: readonly Pair[]; readonly estimate: Estimate };

/** What a straight line gives: light in fibre, and the best straight line through the measurements. */
export const LIGHT: Estimate = ({ km }) => km / KM_PER_ROUND_TRIP_MS;
export const LINE: Estimate = ({ km }) => 14.8 + 0.0159 * km;

export function modelOf(factors: Factors): Estimate {
  const network = new Network(factors);
  return ({ a, b }) => network.rttMs(a.site, b.site);
}

/** One line per row: how far off the estimates are on its pairs. */
export function reportOf(rows: readonly Row[]): string {
  const head = ['', 'pairs', 'median error', 'within 35 %', 'Spearman', 'nearest of five'];
  const lines = rows
    .filter(({ pairs }) => pairs.length > 0)
    .map(({ name, pairs, estimate }) => {
      const { medianErrorMs, within35, spearman, nearest } = figuresOf(pairs, estimate);
      return [
        name,
        String(pairs.length),
        `${medianErrorMs.toFixed(1)} ms`,
        percent(within35),
        spearman.toFixed(3),
        nearest === undefined ? '-' : percent(nearest),
      ];
    });
  return [head, ...lines].map((cells) => cells.map(pad).join('  ')).join('\n');
}

function pad(cell: string, column: number): string {
  return column === 0 ? cell.padEnd(44) : cell.padStart(15);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
