export type InitEndpoint = { readonly cloud: string; readonly region: string; readonly url: string };

export type InitAnswers = {
  readonly listen: string;
  readonly admin: string;
  readonly service: string;
  /** None: the service takes every request. */
  readonly hosts: readonly string[];
  readonly endpoints: readonly InitEndpoint[];
};

/** Reads `aws/us-east-1=http://10.0.0.1:8080`; undefined when it is not written so. Whether there is such a region is asked later. */
export function initEndpoint(text: string): InitEndpoint | undefined {
  const match = /^\s*([a-z]+)\/([^\s=/]+)=(\S+)\s*$/.exec(text);
  return match === null ? undefined : { cloud: match[1] ?? '', region: match[2] ?? '', url: match[3] ?? '' };
}

/** A small configuration with a word on each key, to go on from. */
export function initText({ listen, admin, service, hosts, endpoints }: InitAnswers): string {
  const match =
    hosts.length === 0
      ? '    # match: { hosts: [www.example.com], prefix: / }   # without it, every request'
      : `    match: { hosts: [${hosts.map((host) => JSON.stringify(host)).join(', ')}] }`;
  const lines = endpoints.map(
    ({ cloud, region, url }) =>
      `      - { cloud: ${cloud}, region: ${JSON.stringify(region)}, url: ${JSON.stringify(url)} }`,
  );
  return `# A configuration of Meridian. A changed file takes effect within a second; a bad one changes nothing.
# Every key, its default and its range: docs/configuration.md (meridian --help says where it is), or meridian schema.
version: 1

edge:
  # Where clients connect: 127.0.0.1 is this machine alone, 0.0.0.0 is everybody who reaches it.
  listen: ${JSON.stringify(listen)}
  # Where this edge runs, such as aws/us-east-1: clients of unknown place are taken to be there.
  # region: aws/us-east-1

admin:
  # Where operators and Prometheus ask. Keep it private.
  listen: ${JSON.stringify(admin)}
  # With a token in the environment, reading and changing needs it; without one, changes are taken from this machine alone.
  token: "\${MERIDIAN_ADMIN_TOKEN:-}"

health:
  # Every endpoint is asked for this every 10 seconds, and should answer 200 to 399 when it is well.
  path: /healthz

services:
  ${service}:
${match}
    endpoints:
      # One for each region: cloud (aws, gcp, azure), region, where it is; capacity is the requests it takes at a time.
${lines.join('\n')}
`;
}
