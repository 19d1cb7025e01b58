import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EdgeReport, Seen } from '../../../src/fleet/fleet.ts';
import {
  packReport,
  readNames,
  readReport,
  reportText,
  unpackNumbers,
  unpackSeen,
} from '../../../src/fleet/report-text.ts';

test('a report of 300 endpoints that are well and idle is a few bytes', () => {
  const report = new Map(Array.from({ length: 300 }, (_, at) => [`e${at}`, { inFlight: 0, seen: 'up' as const }]));
  const packed = packReport(report, [...report.keys()]);
  expect(packed).toEqual({ inFlight: '', seen: 'u300' });
  const text = reportText({ number: 7, region: 'r', names: 'h', ...packed, leaving: false, clients: '' });
  expect(text.length).toBeLessThan(40);
  expect(readReport(text)).toEqual({ number: 7, region: 'r', names: 'h', ...packed, leaving: false, clients: '' });
});

test('what is packed is unpacked', () => {
  const row = fc.record({ inFlight: fc.nat(1000), seen: fc.constantFrom<Seen>('up', 'down', 'unknown') });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const report: EdgeReport = new Map(rows.map((one, at) => [`e${at}`, one]));
      const { inFlight, seen } = packReport(report, [...report.keys()]);
      expect(unpackNumbers(inFlight, rows.length)).toEqual(rows.map((one) => one.inFlight));
      expect(unpackSeen(seen, rows.length)).toEqual(rows.map((one) => one.seen));
    }),
  );
});

test('garbage is no report, and never more than was asked for', () => {
  for (const text of ['', '{', '[]', '[2,1,"r","n","",""]', '[1,"x","r","n","",""]', '[1,1,"r","n",3,""]']) {
    expect(readReport(text)).toBeUndefined();
  }
  expect(unpackNumbers('1,x,-3,1e999', 3)).toEqual([1, 0, 0]);
  expect(unpackSeen('u99999999999,q4', 2)).toEqual(['up', 'up']);
  expect(readNames('{')).toBeUndefined();
  expect(readNames('[1]')).toBeUndefined();
});

test.each([
  [true, ''],
  [false, 'a.b'],
  [true, 'a.b,c.d'],
])('an edge that ends says so (%s), and what it tells of clients (%s) is beside the rest', (leaving, clients) => {
  const sent = { number: 7, region: 'r', names: 'h', inFlight: '', seen: '', leaving, clients };
  expect(readReport(reportText(sent))).toEqual(sent);
});
