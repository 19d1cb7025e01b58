import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ABSURD_LOAD,
  NO_LOAD,
  REPORT_CHARS_MAX,
  REPORTED_LOAD_MAX,
  readLoad,
} from '../../../src/routing/load-report.ts';

const metrics = (text: string, metric = 'auto') => readLoad({ metrics: [text], binary: [], plain: [] }, metric);
const plain = (text: string, metric = 'auto') => readLoad({ metrics: [], binary: [], plain: [text] }, metric);

test.each([
  ['TEXT cpu_utilization=0.3', 'auto', 0.3],
  ['TEXT cpu_utilization=0.3,application_utilization=0.8,mem_utilization=0.9', 'auto', 0.8],
  ['TEXT  cpu_utilization = 0.3 , mem_utilization=1.5', 'mem_utilization', 1.5],
  ['cpu_utilization=.25', 'auto', 0.25],
  ['text cpu_utilization=1e-1', 'auto', 0.1],
  ['TEXT named_metrics.kv_cache_usage_perc=0.4,cpu_utilization=0.1', 'named_metrics.kv_cache_usage_perc', 0.4],
  ['JSON {"cpu_utilization": 0.3, "mem_utilization": 0.8}', 'auto', 0.3],
  ['JSON {"application_utilization": 2, "cpu_utilization": 0.8}', 'auto', 2],
  ['JSON {"named_metrics": {"queue.now": 0.5}}', 'named_metrics.queue.now', 0.5],
  ['JSON {"utilization": {"gpu": 0.6}}', 'utilization.gpu', 0.6],
  ['JSON {"cpuUtilization": 0.3}', 'auto', 0.3],
  ['JSON {"namedMetrics": {"queue_of.long_names": 0.5}}', 'named_metrics.queue_of.long_names', 0.5],
  ['BIN CZqZmZmZmbk/', 'auto', 0.1],
  ['BIN CZqZmZmZmbk/MQAAAAAAAABAQg4KA2ZvbxGamZmZmZm5P0IOCgNiYXIRmpmZmZmZyT8=', 'named_metrics.bar', 0.2],
  ['bin CZqZmZmZmbk/MQAAAAAAAABAQg4KA2ZvbxGamZmZmZm5P0IOCgNiYXIRmpmZmZmZyT8', 'named_metrics.foo', 0.1],
])('%s is, for %s, %d', (text, metric, load) => {
  expect(metrics(text, metric)).toBe(load);
});

test.each([
  ['TEXT mem_utilization=0.8', 'auto'],
  ['JSON {}', 'auto'],
  ['TEXT cpu_utilization=0.1', 'named_metrics.queue'],
  ['JSON {"named_metrics": 7}', 'named_metrics.queue'],
  ['JSON {"a": 1}', 'constructor'],
])('%s says nothing for %s', (text, metric) => {
  expect(metrics(text, metric)).toBe(NO_LOAD);
});

test.each([
  'TEXT cpu_utilization=NaN',
  'TEXT cpu_utilization=-0.1',
  'TEXT cpu_utilization=Infinity',
  'TEXT cpu_utilization=0x1',
  'TEXT cpu_utilization=',
  'TEXT cpu_utilization=11',
  'TEXT cpu_utilization',
  'TEXT application_utilization=x,cpu_utilization=0.3',
  'JSON {"cpu_utilization": "0.3"}',
  'JSON {"cpu_utilization": 1e999}',
  'JSON [0.3]',
  'JSON {',
  'JSON null',
  'BIN CZqZmZmZmb',
  'BIN',
  'HEX 00',
  '',
  `TEXT cpu_utilization=0.3,x=${'1'.repeat(REPORT_CHARS_MAX)}`,
])('%s is absurd', (text) => {
  expect(metrics(text)).toBe(ABSURD_LOAD);
});

test('the plain field is a number, and goes behind the metrics', () => {
  expect([plain('0.83'), plain(' 1 '), plain('0')]).toEqual([0.83, 1, 0]);
  expect(['', 'x', '-1', '1,2', '1e9', '0.5%'].map((text) => plain(text))).toEqual(Array(6).fill(ABSURD_LOAD));
  expect(readLoad({ metrics: ['TEXT cpu_utilization=0.2'], binary: [], plain: ['0.9'] }, 'auto')).toBe(0.2);
  expect(readLoad({ metrics: ['TEXT mem_utilization=0.2'], binary: [], plain: ['0.9'] }, 'auto')).toBe(0.9);
  // Who asks for a metric by its name wants that one.
  expect(plain('0.5', 'cpu_utilization')).toBe(NO_LOAD);
  expect(readLoad({ metrics: [], binary: [], plain: [] }, 'auto')).toBe(NO_LOAD);
});

test('a field that is repeated is absurd: nobody knows which one is meant', () => {
  expect(
    readLoad({ metrics: ['TEXT cpu_utilization=0.1', 'TEXT cpu_utilization=0.9'], binary: [], plain: [] }, 'auto'),
  ).toBe(ABSURD_LOAD);
  expect(readLoad({ metrics: [], binary: [], plain: ['0.1', '0.9'] }, 'auto')).toBe(ABSURD_LOAD);
});

test('whatever is said, it is a load within bounds or none', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `TEXT cpu_utilization=${rest}`),
    fc.json().map((rest) => `JSON ${rest}`),
    fc.double().map((load) => `TEXT cpu_utilization=${load}`),
  );
  fc.assert(
    fc.property(text, text, fc.constantFrom('auto', 'cpu_utilization', 'named_metrics.x'), (one, other, metric) => {
      const load = readLoad({ metrics: [one], binary: [], plain: [other] }, metric);
      expect(load === NO_LOAD || load === ABSURD_LOAD || (load >= 0 && load <= REPORTED_LOAD_MAX)).toBe(true);
    }),
  );
});

const binary = (text: string, metric = 'auto') => readLoad({ metrics: [], binary: [text], plain: [] }, metric);

test('the binary field is base64, with its padding or without, and goes before the others', () => {
  const report = 'CZqZmZmZmbk/MQAAAAAAAABAQg4KA2ZvbxGamZmZmZm5P0IOCgNiYXIRmpmZmZmZyT8=';
  expect(binary(report)).toBe(0.1);
  expect(binary(report.replace('=', ''))).toBe(0.1);
  expect(binary(report, 'named_metrics.bar')).toBe(0.2);
  expect(binary(report, 'named_metrics.baz')).toBe(NO_LOAD);
  expect(binary('')).toBe(NO_LOAD);
  const both = { metrics: ['TEXT cpu_utilization=0.7'], plain: [] };
  expect(readLoad({ ...both, binary: [report] }, 'auto')).toBe(0.1);
  expect(readLoad({ ...both, binary: [''] }, 'auto')).toBe(0.7);
  expect(readLoad({ ...both, binary: [report, report] }, 'auto')).toBe(ABSURD_LOAD);
});

test.each([
  'CZqZmZmZmb',
  'CZqZmZmZmbk_',
  'C Zq',
  'CZqZmZmZmbk/=',
  // NaN, -1 and 11 as cpu_utilization.
  'CQAAAAAAAPh/',
  'CQAAAAAAAPC/',
  'CQAAAAAAACZA',
  // One of its own that reads as bytes of two others.
  'CZqZmZmZmbk/,CZqZmZmZmbk/',
  'A'.repeat(REPORT_CHARS_MAX + 4),
])('%s is absurd in the binary field', (text) => {
  expect(binary(text)).toBe(ABSURD_LOAD);
});
