import { onTestFinished } from 'vitest';
import { type Rig, type RigOptions, startBareRig } from './bare-rig.ts';

/** Starts the edge of a YAML text; every endpoint is healthy unless the test says otherwise. Ends with the test. */
export async function startRig(yaml: string, options: RigOptions = {}): Promise<Rig> {
  const rig = await startBareRig(yaml, options);
  onTestFinished(rig.stop);
  return rig;
}

/** A topology with one endpoint a cloud: aws/us-east-1, gcp/europe-west1, azure/japaneast; the edge stands in Virginia. */
export function threeCloudsYaml(
  ports: readonly [aws: number, gcp: number, azure: number],
  extra = '',
  top = '',
): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback] }
${top}
services:
  shop:
${extra}
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${ports[0]}" }
      - { cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${ports[1]}" }
      - { cloud: azure, region: japaneast, url: "http://127.0.0.1:${ports[2]}" }
`;
}

/** The same topology for the general engine alone: with the wire engine before it, plain requests would never reach it. */
export function withoutWire(yaml: string): string {
  return yaml.replace('id: test,', 'id: test, accelerator: off,');
}
