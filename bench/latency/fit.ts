/*
 * Fits the latency model and says how well it does on what it has not seen.
 *
 *   node bench/latency/fit.ts --data DIR [--write]
 *
 * DIR holds rtt.csv and rtt-nodes.csv. Every fold of cities, then every source of cloud pairs, is held back once: a fit
 * without it is measured on it. With --write, the factors fitted on everything go to src/geo/fitted-factors.ts, and
 * those fitted without fold 0 and without ibm-docs to bench/latency/held-out-factors.ts, for `npm run bench:latency`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fit } from './descent.ts';
import { factorsModule } from './factors-text.ts';
import type { Pair } from './measurements.ts';
import { readMeasurements } from './measurements.ts';
import type { Row } from './report.ts';
import { modelOf, reportOf } from './report.ts';
import { FOLDS, foldsOf } from './split.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, write: { type: 'boolean', default: false } } });
if (values.data === undefined) {
  console.error('usage: node bench/latency/fit.ts --data DIR [--write]');
  process.exit(2);
}

const pairs = readMeasurements(values.data);
const folds = foldsOf(pairs);
const inFold = (fold: number) => (pair: Pair) => folds.get(pair.a) === fold || folds.get(pair.b) === fold;

console.log('Held back: every pair of a fifth of the cities');
const byFold = Array.from({ length: FOLDS }, (_, fold) => heldBack(`fold ${fold}`, inFold(fold)));
console.log(reportOf([...byFold.flat(), ...pooled(byFold.flat())]));

console.log('\nHeld back: a source');
const sources = [...new Set(pairs.filter(({ cloud }) => cloud).map(({ source }) => source))];
console.log(reportOf(sources.flatMap((source) => heldBack(source, (pair) => pair.source === source))));

if (values.write) write();

/** Fits without the pairs that `held` names and returns rows for what was fitted and what was held back. */
function heldBack(name: string, held: (pair: Pair) => boolean): Row[] {
  const [seen, unseen] = [pairs.filter((pair) => !held(pair)), pairs.filter(held)];
  const estimate = modelOf(fit(seen));
  const clouds = unseen.filter(({ cloud }) => cloud);
  return [
    { name: `${name}: fitted`, pairs: seen, estimate },
    { name: `${name}: held back`, pairs: unseen, estimate },
    { name: `${name}: held back, cloud pairs`, pairs: clouds, estimate },
  ];
}

/** All held-back pairs in one row, each with the estimate of the fit that did not see it. */
function pooled(rows: readonly Row[]): Row[] {
  return ['held back', 'held back, cloud pairs'].map((ending) => {
    const estimates = new Map<Pair, number>();
    for (const row of rows.filter(({ name }) => name.endsWith(`: ${ending}`))) {
      for (const pair of row.pairs) estimates.set(pair, row.estimate(pair));
    }
    return { name: `all folds: ${ending}`, pairs: [...estimates.keys()], estimate: (pair) => estimates.get(pair) ?? 0 };
  });
}

function write(): void {
  const held = (pair: Pair): boolean => inFold(0)(pair) || pair.source === 'ibm-docs';
  writeFileSync(
    new URL('../../src/geo/fitted-factors.ts', import.meta.url),
    factorsModule(fit(pairs), 'FITTED_FACTORS', 'The latency model fitted on every measured pair.'),
  );
  writeFileSync(
    new URL('held-out-factors.ts', import.meta.url),
    factorsModule(
      fit(pairs.filter((pair) => !held(pair))),
      'HELD_OUT_FACTORS',
      'The latency model fitted without the cities of fold 0 and without ibm-docs.',
    ),
  );
}
