import { PEERS } from './peers.ts';
import { barsOf, curvesOf } from './svg.ts';

/** Scenarios of the picture of means, as far as the table has them. */
const SHOWN = [
  'day',
  'peak',
  '95 %',
  'region silent',
  'cloud silent',
  'region +800 ms',
  'region 10 % errors',
  'flash crowd × 3',
];
const WHO = ['Meridian', 'Meridian, fleet', ...PEERS.filter((name) => name !== 'by capacity')];

/** What one way to choose came to, second by second: the mean time of the requests that began in it, in ms. */
export type Story = { readonly who: string; readonly means: readonly number[] };

/** The mean over the oracle's in each scenario, from the first table of a page that `npm run bench:world -- --write` wrote. */
export function scenariosPicture(page: string): string {
  const [, table = ''] = /2000 requests a second, 9 endpoints:\n\n([\s\S]*?)\n\n/.exec(`${page}\n\n`) ?? [];
  const means = new Map<string, number>();
  for (const row of table.split('\n')) {
    const [, scenario = '', who = '', , over = ''] = row.split('|').map((cell) => cell.trim());
    if (Number(over) > 0) means.set(`${scenario} ${who}`, Number(over));
  }
  const rows = SHOWN.filter((label) => means.has(`${label} Meridian`)).map((label) => ({
    label,
    values: WHO.map((who) => means.get(`${label} ${who}`) ?? 0),
  }));
  if (rows.length === 0) throw new Error('the page has no table of the world: run npm run bench:world -- --write');
  const title = 'Mean latency over the oracle’s, by scenario (1 is the best that is possible)';
  return barsOf({ title, names: WHO, rows, xMax: 4, xTicks: [1, 2, 3, 4] });
}

/** How the mean goes before, in and after an outage, which lasts from `fromS` to `toS`. */
export function outagePicture(stories: readonly Story[], fromS: number, toS: number): string {
  const curves = stories.map(({ who, means }) => ({
    name: who,
    points: means.flatMap((ms, second): readonly (readonly [number, number])[] =>
      Number.isNaN(ms) || second < fromS - 10 ? [] : [[second - fromS, ms]],
    ),
  }));
  const xTicks = [0, 10, 20, 30, 40, 50, 60].map((second) => [second, `${second} s`] as const);
  return curvesOf({
    title: 'A region falls silent: mean latency of the requests of each second, in ms',
    curves,
    yMax: 300,
    yTicks: [0, 50, 100, 150, 200, 250, 300],
    xTicks,
    shaded: { from: 0, to: toS - fromS, name: 'outage' },
  });
}
