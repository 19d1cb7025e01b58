import { expect, test } from 'vitest';
import { buildSlo } from '../../../src/config/build-slo.ts';
import { budgetTable, liveTable, publishedTable } from '../../../src/main/slo-table.ts';
import { sloReport } from '../../../src/observe/slo-report.ts';

test('the published table has a line for each objective', () => {
  expect(publishedTable()).toBe(
    [
      'objective  down a year  in 30 days     a day',
      '99.9 %          8.76 h   43.20 min  1.44 min',
      '99.95 %         4.38 h   21.60 min   43.20 s',
      '99.99 %      52.56 min    4.32 min    8.64 s',
      '99.999 %      5.26 min     25.92 s    0.86 s',
      '',
    ].join('\n'),
  );
});

test('what each service may be down', () => {
  const services = [
    { name: 'shop', slo: buildSlo() },
    { name: 'blog', slo: buildSlo({ objective: 0.999, window: 7 * 86_400_000 }) },
  ];
  expect(budgetTable(services)).toMatch(
    /shop +99.99 % +52.56 min +4.32 min in 720h\nblog +99.9 % +8.76 h +10.08 min in 168h\n/,
  );
});

test('how each does now; without traffic there is no share to show', () => {
  const reports = [
    sloReport('shop', buildSlo(), () => ({ good: 9990, bad: 10 })),
    sloReport('blog', buildSlo(), () => ({ good: 0, bad: 0 })),
  ];
  const [head, shop, blog] = liveTable(reports).split('\n');
  expect(head).toMatch(/burn 5m .*burn 3d/);
  expect(shop).toMatch(/^shop +10000 +10 +99.9000 % +-900.0 % +(10.0 +){7}burning \(6h, 24h, 3d\)$/);
  expect(blog).toMatch(/^blog +0 +0 +- +100.0 % +0.0/);
});
