import fc from 'fast-check';
import { type Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { CONTENT_TYPES, expositionText, type ReadFamily } from '../../../src/observe/exposition-text.ts';

const FORMATS = ['text', 'openmetrics'] as const;

/** What prom-client writes of the same: nothing but what the formats ask for may differ. */
async function libraryText(format: (typeof FORMATS)[number], families: readonly ReadFamily[]): Promise<string> {
  const registry = new Registry();
  registry.setContentType(CONTENT_TYPES[format] as never);
  for (const family of families) {
    const open = format === 'openmetrics' && family.type === 'counter';
    const name = open ? family.name.replace(/_total$/, '') : family.name;
    const get = () => ({ ...family, name, aggregator: 'sum' });
    registry.registerMetric({ name, get } as unknown as Gauge);
  }
  return registry.metrics();
}

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const text = fc.string({ unit: fc.constantFrom('a', 'é', '\\', '"', '\n', ' ', '{') });
const own = fc.dictionary(
  word.map((name) => `own_${name}`),
  text,
  { maxKeys: 3 },
);
const shared = fc.dictionary(word, text, { maxKeys: 3 });
const exemplar = fc.record({ labelSet: own, value: fc.nat(), timestamp: fc.nat() });
const fields = {
  labels: own,
  sharedLabels: shared,
  value: fc.double({ noNaN: true }).map((value) => value + 0),
  exemplar,
};
const required: { requiredKeys: ['labels', 'value'] } = { requiredKeys: ['labels', 'value'] };
const sample = fc.record(fields, required);
const part = fc.record({ ...fields, metricName: fc.constant('part_of_it') }, required);
const family = fc.oneof(
  fc.record({ type: fc.constantFrom('counter' as const, 'gauge' as const), help: text, values: fc.array(sample) }),
  // A name of its own is what a line of a histogram has, and no other.
  fc.record({ type: fc.constant('histogram' as const), help: text, values: fc.array(part) }),
);
const families = fc
  .array(family, { maxLength: 4 })
  .map((all) => all.map((one, i): ReadFamily => ({ ...one, name: `m${i}${one.type === 'counter' ? '_total' : ''}` })));

test.each(FORMATS)('%s is what prom-client writes, line for line', async (format) => {
  await fc.assert(
    fc.asyncProperty(families, async (all) => {
      const ours = expositionText(format, all).split('\n');
      const theirs = (await libraryText(format, all)).split('\n');
      const lines = (of: readonly string[]) => of.filter((line) => line !== '');
      expect(lines(ours)).toEqual(lines(theirs));
    }),
  );
});

test('what is no number is written as both formats want it', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({
    labels: {},
    value,
  }));
  const all: ReadFamily[] = [{ name: 'a', help: 'what', type: 'gauge', values }];
  expect(expositionText('text', all)).toBe('# HELP a what\n# TYPE a gauge\na NaN\na +Inf\na -Inf\n\n');
  expect(expositionText('openmetrics', all)).toBe('# HELP a what\n# TYPE a gauge\na NaN\na +Inf\na -Inf\n# EOF\n');
});

test('labels that are handed in again are written again', () => {
  const sharedLabels = { service: 'shop' };
  const values = [{ labels: { le: '1' }, sharedLabels, value: 1, metricName: 'a_bucket' }];
  const all: ReadFamily[] = [{ name: 'a', help: 'what', type: 'histogram', values: [...values, ...values] }];
  const line = 'a_bucket{le="1",service="shop"} 1\n';
  expect(expositionText('text', all)).toBe(`# HELP a what\n# TYPE a histogram\n${line}${line}\n`);
});
