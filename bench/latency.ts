/*
 * How far off are the latency estimates?
 *
 *   npm run bench:latency [-- --data DIR]
 *
 * DIR holds rtt.csv and rtt-nodes.csv; the default is the published round trips between regions of Azure and of AWS that
 * are kept in bench/latency/data (terms there). Printed are the straight lines to beat, then the factors that ship,
 * which were fitted on these pairs among others, then a fit that never saw the cities and the source that it is measured
 * on. bench/latency/figures.ts defines every column.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readFactors } from '../src/geo/factors.ts';
import { FITTED_FACTORS } from '../src/geo/fitted-factors.ts';
import { HELD_OUT_FACTORS } from './latency/held-out-factors.ts';
import type { Pair } from './latency/measurements.ts';
import { readMeasurements } from './latency/measurements.ts';
import { LIGHT, LINE, modelOf, reportOf } from './latency/report.ts';
import { foldsOf } from './latency/split.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const pairs = readMeasurements(values.data ?? fileURLToPath(new URL('latency/data', import.meta.url)));
const folds = foldsOf(pairs);
const isHeld = ({ a, b, source }: Pair): boolean => folds.get(a) === 0 || folds.get(b) === 0 || source === 'ibm-docs';
const held = pairs.filter(isHeld);
const [shipped, blind] = [modelOf(readFactors(FITTED_FACTORS)), modelOf(readFactors(HELD_OUT_FACTORS))];

console.log(
  reportOf([
    { name: 'light in fibre, straight', pairs, estimate: LIGHT },
    { name: 'straight line, 14.8 ms + 15.9 ms/1000 km', pairs, estimate: LINE },
    { name: 'shipped factors, all pairs (seen)', pairs, estimate: shipped },
    ...[...new Set(pairs.map(({ source }) => source))].map((source) => ({
      name: `  of ${source}`,
      pairs: pairs.filter((pair) => pair.source === source),
      estimate: shipped,
    })),
    { name: 'held-out fit: pairs it has seen', pairs: pairs.filter((pair) => !isHeld(pair)), estimate: blind },
    { name: 'held-out fit: pairs it has not seen', pairs: held, estimate: blind },
    { name: '  of these, cloud pairs', pairs: held.filter(({ cloud }) => cloud), estimate: blind },
    { name: '  straight line on the same cloud pairs', pairs: held.filter(({ cloud }) => cloud), estimate: LINE },
  ]),
);
