const CLOUDS = ['aws', 'gcp', 'azure'] as const;
type Cloud = (typeof CLOUDS)[number];

const REGIONS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ['us-east-1', 'us-east-2', 'us-west-2'],
  gcp: ['us-east4', 'us-central1', 'us-west1'],
  azure: ['eastus', 'eastus2', 'westus2'],
};

export type BenchEndpoint = { readonly cloud: Cloud; readonly port: number };

/** One endpoint a port, on the three clouds in turn. */
export function inTurn(ports: readonly number[]): readonly BenchEndpoint[] {
  return ports.map((port, i) => ({ cloud: CLOUDS[i % CLOUDS.length] as Cloud, port }));
}

/** A file with everything at its default except the addresses and the blocks of `more`. */
export function configOf(endpoints: readonly BenchEndpoint[], more = '', edge = ''): string {
  const seen = new Map<Cloud, number>();
  const lines = endpoints.map(({ cloud, port }) => {
    const nth = seen.get(cloud) ?? 0;
    seen.set(cloud, nth + 1);
    const region = REGIONS[cloud][nth % REGIONS[cloud].length] as string;
    return `      - { cloud: ${cloud}, region: ${region}, url: "http://127.0.0.1:${port}" }`;
  });
  return `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0"${edge} }
admin: { listen: "127.0.0.1:0" }
${more}
services:
  shop:
    endpoints:
${lines.join('\n')}
`;
}
