import { expect, test } from 'vitest';
import { readReport } from '../../../src/fleet/report-text.ts';
import { Reporter } from '../../../src/fleet/reporter.ts';

test('the latest report is published, by a number of its own', () => {
  const reporter = new Reporter('e', 'r', 1000.5);
  expect([reporter.hasReport, readReport(reporter.next().tell.text)?.seen]).toEqual([false, '']);
  reporter.report(new Map([['y', { inFlight: 1, seen: 'up' }]]));
  reporter.report(
    new Map([
      ['y', { inFlight: 2, seen: 'up' }],
      ['x', { inFlight: 0, seen: 'down' }],
    ]),
  );
  const { number, tell, namesText } = reporter.next();
  expect(number).toBe(1002);
  expect(namesText).toBe('["x","y"]');
  expect(readReport(tell.text)).toEqual({
    number: 1002,
    region: 'r',
    leaving: false,
    names: tell.names.hash,
    inFlight: ',2',
    seen: 'd1,u1',
    clients: '',
  });
  expect(reporter.reportOf(1002)?.report.get('y')?.inFlight).toBe(2);
  expect(reporter.reportOf(1001)?.report.size).toBe(0);
});

test('only the last reports are remembered', () => {
  const reporter = new Reporter('e', 'r', 0);
  for (let at = 0; at < 20; at += 1) reporter.next();
  expect([reporter.reportOf(12), reporter.reportOf(13)?.report.size]).toEqual([undefined, 0]);
});
