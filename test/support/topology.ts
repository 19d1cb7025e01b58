import { parseTopology } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { Topology } from '../../src/config/topology.ts';

/** The topology of a YAML text; throws with its problems when it is not good. */
export function topologyOf(yaml: string, env: Readonly<Record<string, string>> = {}): Topology {
  const parsed = parseTopology(yaml, {
    file: 'test.yaml',
    env,
    readFile: (path) => {
      throw new Error(`no file ${path} in this test`);
    },
  });
  if (!parsed.ok) throw new Error(formatProblems('test.yaml', parsed.problems));
  return parsed.topology;
}

export type ThreeClouds = {
  /** Lines of YAML inside the service, without their indentation. */
  readonly service?: string;
  /** Lines of YAML beside `services`. */
  readonly top?: string;
  /** Endpoints per cloud, in one region each; 1 when not said. */
  readonly each?: number;
};

const PLACES = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'] as const;

/**
 * A service `shop` in aws/us-east-1, gcp/europe-west1 and azure/japaneast, seen from an edge in Virginia. Its endpoints
 * are at 10.<cloud>.0.<n>:8080 and have room for 100 requests each.
 */
export function threeClouds({ service = '', top = '', each = 1 }: ThreeClouds = {}): Topology {
  const endpoints = PLACES.flatMap((place, cloud) =>
    Array.from(
      { length: each },
      (_, n) => `      - { cloud: ${place}, url: "http://10.${cloud}.0.${n + 1}:8080", capacity: 100 }`,
    ),
  );
  const inside = service.split('\n').filter((line) => line.trim() !== '');
  const edge = /^edge:/m.test(top) ? '' : 'edge: { id: test, region: aws/us-east-1 }';
  return topologyOf(
    [
      'version: 1',
      edge,
      top,
      'services:',
      '  shop:',
      ...inside.map((line) => `    ${line}`),
      '    endpoints:',
      ...endpoints,
    ].join('\n'),
  );
}
