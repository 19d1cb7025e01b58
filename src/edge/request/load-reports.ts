import { ABSURD_LOAD, NO_LOAD, readLoad } from '../../routing/load-report.ts';
import { countCell, SERVICE_CELLS } from '../../table/service-cells.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';
import type { Attempt, Exchange } from './exchange.ts';

const TAKEN = countCell('load-taken');
const IGNORED = countCell('load-ignored');

/**
 * Takes down what the head or the trailers of an endpoint's answer say of its load, for services that go by it. `lines` are the fields as they came,
 * each with its CRLF. The control thread makes one figure of what all threads have heard.
 */
export function noteLoad(
  block: Pick<WorkerBlock, 'services' | 'loadSum' | 'loadCount'>,
  { view }: Pick<Exchange, 'view'>,
  { permit }: Pick<Attempt, 'permit'>,
  lines: string,
): void {
  if (!MENTIONED.test(lines)) return;
  const said = readLoad(
    { metrics: valuesIn(lines, METRICS), binary: valuesIn(lines, BINARY), plain: valuesIn(lines, PLAIN) },
    view.service.routing.loadMetric,
  );
  if (said === NO_LOAD) return;
  const { services, loadSum, loadCount } = block;
  const cell = view.slot * SERVICE_CELLS + (said === ABSURD_LOAD ? IGNORED : TAKEN);
  services[cell] = (services[cell] as number) + 1;
  if (said === ABSURD_LOAD) return;
  const { row } = permit.target;
  loadSum[row] = (loadSum[row] as number) + said;
  loadCount[row] = (loadCount[row] as number) + 1;
}

const MENTIONED = /endpoint-load/i;
const BINARY = /^endpoint-load-metrics-bin:[ \t]*(.*)$/gim;
const METRICS = /^endpoint-load-metrics:[ \t]*(.*)$/gim;
const PLAIN = /^x-endpoint-load:[ \t]*(.*)$/gim;

/** Trailers without what is for this edge alone. */
export function withoutLoads(lines: string): string {
  return MENTIONED.test(lines) ? lines.replaceAll(REPORTS, '') : lines;
}

const REPORTS = /^(?:endpoint-load-metrics(?:-bin)?|x-endpoint-load):.*\r\n/gim;

function valuesIn(lines: string, field: RegExp): readonly string[] {
  return Array.from(lines.matchAll(field), ([, value = '']) => value);
}
