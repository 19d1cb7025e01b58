import type { Topology } from '../../../src/config/topology.ts';
import type { Cloud } from '../../../src/config/topology-cloud.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import {
  OUTCOMES,
  type Outcome,
  type WorkerBlock,
  workerBlock,
  workerBlockBytes,
} from '../../../src/table/worker-block.ts';
import { topologyOf } from '../config/parse-text.ts';

/** Where an endpoint of a test is: `aws/us-east-1`. */
export type Where = `${Cloud}/${string}`;

/** A topology of services with endpoints at these places; several at one place differ in their ports. */
export function topologyWith(services: Readonly<Record<string, readonly Where[]>>, lines = ''): Topology {
  const blocks = Object.entries(services).map(([name, places]) => {
    const endpoints = places.map((where, i) => {
      const [cloud, region] = where.split('/') as [string, string];
      return `      - { cloud: ${cloud}, region: ${region}, lat: 1, lon: 1, url: "http://10.0.0.1:${8000 + i}", capacity: 10 }`;
    });
    return `  ${name}:\n    match: { hosts: [${name}.test] }\n    endpoints:\n${endpoints.join('\n')}`;
  });
  return topologyOf(`version: 1\n${lines}\nservices:\n${blocks.join('\n')}\n`);
}

export type TestWorld = {
  readonly table: EndpointTable;
  readonly blocks: readonly WorkerBlock[];
  readonly topology: Topology;
  readonly placement: Placement;
};

/** A fresh table with `threads` blocks in which a topology is placed. */
export function worldOf(topology: Topology, threads = 2): TestWorld {
  const limits = { rows: 2048, services: 64, workers: threads };
  const table = EndpointTable.create(0, limits, workerBlockBytes(limits));
  const blocks = Array.from({ length: threads }, (_, i) => workerBlock(table.shared, i));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, limits);
  return { table, blocks, topology, placement };
}

/** The row of the n-th endpoint of the n-th service. */
export function rowOf({ topology, placement }: TestWorld, endpoint: number, service = 0): number {
  return placement.rows[topology.services[service]!.endpoints[endpoint]!.id]!;
}

export function countOutcome(block: WorkerBlock, row: number, outcome: Outcome, by = 1): void {
  block.outcomes[row * OUTCOMES.length + OUTCOMES.indexOf(outcome)]! += by;
}
