import { expect, test } from 'vitest';
import { missingEdgeFindings } from '../../../src/observe/alert-edge-missing.ts';

test('one warning for each edge; a region that has none left is critical, and covers them', () => {
  expect(
    missingEdgeFindings([
      { id: 'iad-2', region: 'us-east-1', regionGone: false },
      { id: 'fra-1', region: 'europe-west1', regionGone: true },
      { id: 'fra-2', region: 'europe-west1', regionGone: true },
    ]),
  ).toMatchObject([
    {
      key: 'edge_missing/region/europe-west1',
      severity: 'critical',
      labels: { region: 'europe-west1' },
      coveredBy: [],
    },
    { key: 'edge_missing/iad-2', severity: 'warning', labels: { edge: 'iad-2', region: 'us-east-1' }, coveredBy: [] },
    { key: 'edge_missing/fra-1', coveredBy: ['edge_missing/region/europe-west1'] },
    { key: 'edge_missing/fra-2', coveredBy: ['edge_missing/region/europe-west1'] },
  ]);
  expect(missingEdgeFindings([])).toEqual([]);
});
