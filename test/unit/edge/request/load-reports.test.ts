import { expect, test } from 'vitest';
import type { Attempt } from '../../../../src/edge/request/exchange.ts';
import { noteLoad } from '../../../../src/edge/request/load-reports.ts';
import { countCell, SERVICE_CELLS } from '../../../../src/table/service-cells.ts';
import type { WorkerBlock } from '../../../../src/table/worker-block.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

function noting() {
  const { view, blocks } = stageOf(threeClouds({ service: 'routing: { load: reported }' }));
  const block = blocks[0] as WorkerBlock;
  const attempt = { permit: { target: view.targets[1] } } as unknown as Attempt;
  const note = (lines: string) => noteLoad(block, { view }, attempt, lines);
  const counts = () =>
    (['load-taken', 'load-ignored'] as const).map(
      (count) => block.services[view.slot * SERVICE_CELLS + countCell(count)],
    );
  return { block, note, counts };
}

test('reports are added up by the row of the endpoint, whatever the spelling of the field', () => {
  const { block, note, counts } = noting();
  note('Content-Type: text/plain\r\nEndpoint-Load-Metrics: TEXT cpu_utilization=0.25\r\nX: y\r\n');
  note('x-endpoint-load: 0.5\r\n');
  note('X-Endpoint-Load:0.75  \r\n');
  note('content-length: 0\r\n');
  expect([block.loadSum[1], block.loadCount[1], block.loadCount[0]]).toEqual([1.5, 3, 0]);
  expect(counts()).toEqual([3, 0]);
});

test('what cannot be, or is said twice, is counted and nothing else; a value that only looks like a field is none', () => {
  const { block, note, counts } = noting();
  note('X-Endpoint-Load: full\r\n');
  note('X-Endpoint-Load: 0.1\r\nX-Endpoint-Load: 0.2\r\n');
  note('X: x-endpoint-load: 0.5\r\nMy-X-Endpoint-Load: 0.5\r\n');
  expect([block.loadSum[1], block.loadCount[1]]).toEqual([0, 0]);
  expect(counts()).toEqual([0, 2]);
});
