import { expect, test } from 'vitest';
import { problemsOf } from './parse-text.ts';

const at = (n: number, more = '') => `{ cloud: aws, region: us-east-1, url: "http://10.0.0.${n}"${more} }`;
const file = (backends: string, services: string, top = ''): string => `version: 1
${top}
backends:
${backends}
services:
${services}
`;
const EU = `  eu: { endpoints: [${at(1)}] }`;
const US = `  us: { endpoints: [${at(2)}] }`;

test.each([
  ['one that two services share', file(EU, '  a: { match: { hosts: [a] }, backend: eu }\n  b: { backend: eu }')],
  ['one with the name of the service that sends to it', file(EU, '  eu: { backend: eu }')],
  ['several, split by their names', file(`${EU}\n${US}`, '  a: { backend: [eu, us], split: { eu: 95, us: 5 } }')],
  ['one behind the other', file(`${EU}\n${US}`, '  a: { backend: [eu, { name: us, tier: 2 }] }')],
  [
    'sets of its own, where only one service splits',
    file(
      `  eu: { endpoints: [${at(1, ', set: x')}, ${at(2, ', set: y')}] }`,
      '  a: { match: { hosts: [a] }, backend: eu, split: { x: 1, y: 1 } }\n  b: { backend: eu }',
    ),
  ],
  [
    'clients that are sent to its endpoints',
    file(
      `  eu: { endpoints: [${at(1, ', public_url: "https://eu.example.com"')}] }`,
      '  a: { backend: eu, mode: redirect }',
    ),
  ],
])('%s is good', (_, text) => {
  expect(problemsOf(text)).toEqual([]);
});

test.each<[string, string, string]>([
  [
    'an unknown one',
    file(EU, '  a: { match: { hosts: [a] }, backend: eu }\n  b: { backend: ue }'),
    '7:17 services.b.backend: names no backend: "ue"; did you mean "eu"?',
  ],
  [
    'one where there are none',
    'version: 1\nservices:\n  a: { backend: eu }',
    '3:17 services.a.backend: names no backend: "eu"; the file has no backends',
  ],
  [
    'one that nobody uses',
    file(`${EU}\n${US}`, '  a: { backend: eu }'),
    '5:3 backends.us: is used by no service; add backend: us to one, or remove it',
  ],
  [
    'one without endpoints',
    file('  eu: { endpoints: [] }', '  a: { backend: eu }'),
    '4:9 backends.eu.endpoints: is an empty list; it must be a list of endpoints',
  ],
  ['one that says nothing', file('  eu: {}', '  a: { backend: eu }'), '4:3 backends.eu.endpoints: is missing'],
  [
    'no backend at all',
    'version: 1\nbackends: {}\nservices:\n  a: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://x" }] }',
    '2:1 backends: has no backend; add one',
  ],
  [
    'endpoints beside it',
    file(EU, `  a: { backend: eu, endpoints: [${at(2)}] }`),
    'services.a.endpoints: stands beside backend, and a service has either',
  ],
  [
    'health of the service',
    file(EU, '  a: { backend: eu, health: { path: /x } }'),
    'services.a.health: belongs to endpoints, which this service shares; move it to backends.eu',
  ],
  [
    'TLS of a service with two',
    file(`${EU}\n${US}`, '  a: { backend: [eu, us], tls: { insecure: true } }'),
    'services.a.tls: belongs to endpoints, which this service shares; move it to its backends',
  ],
  [
    'a host of the service',
    file(EU, '  a: { backend: eu, host: upstream }'),
    '6:27 services.a.host: belongs to endpoints',
  ],
  [
    'breakers of the service',
    file(EU, '  a: { backend: eu, breakers: { failures: 2 } }'),
    'services.a.breakers: belongs to endpoints',
  ],
  [
    'a timeout of connecting',
    file(EU, '  a: { backend: eu, timeouts: { connect: 2s } }'),
    '6:42 services.a.timeouts.connect: belongs to endpoints, which this service shares; move it to timeouts of backends.eu',
  ],
  [
    'one twice',
    file(EU, '  a: { backend: [eu, eu] }'),
    '6:22 services.a.backend[1]: names the backend eu a second time; remove one',
  ],
  [
    'an endpoint twice in one',
    file(`  eu: { endpoints: [${at(1)}, ${at(1)}] }`, '  a: { backend: eu }'),
    'backends.eu.endpoints[1]: has the same cloud, region and url as endpoints[0]; remove one',
  ],
  [
    'an endpoint in two that one service has',
    file(`${EU}\n  us: { endpoints: [${at(1)}] }`, '  a: { backend: [eu, us] }'),
    '5:21 backends.us.endpoints[0]: is in the backend eu, too, and service a sends to both; remove it from one',
  ],
  [
    'the name of another service',
    file(EU, `  a: { match: { hosts: [a] }, backend: eu }\n  eu: { endpoints: [${at(2)}] }`),
    '4:3 backends.eu: has the name of a service that does not send to it',
  ],
  [
    'a split that lacks one',
    file(`${EU}\n${US}`, '  a: { backend: [eu, us], split: { eu: 1 } }'),
    '7:22 services.a.backend[1]: has endpoints in the set us, which split does not name',
  ],
  [
    'a split with one too many',
    file(EU, '  a: { backend: eu, split: { eu: 1, uss: 1 } }'),
    '6:42 services.a.split.uss: names no set',
  ],
  [
    'a gap between tiers',
    file(`${EU}\n${US}`, '  a: { backend: [eu, { name: us, tier: 3 }] }'),
    '7:22 services.a.backend[1]: is 3, and no endpoint of this service is in tier 2',
  ],
  [
    'a tier beyond the last',
    file(`${EU}\n  us: { endpoints: [${at(2, ', tier: 2')}] }`, '  a: { backend: [eu, { name: us, tier: 8 }] }'),
    'services.a.backend[1]: makes tier 9 of an endpoint; 8 is the last',
  ],
  [
    'weights that leave nothing',
    file(EU, '  a: { backend: { name: eu, weight: 0 } }'),
    'services.a.backend: has weights that leave none of its endpoints anything',
  ],
  [
    'two that assign the same endpoints',
    file(EU, '  a: { match: { hosts: [a] }, backend: eu }\n  b: { backend: eu }', 'routing: { select: optimal }'),
    '7:17 services.b.backend: shares the backend eu with a, and both have routing.select: optimal',
  ],
  [
    'nowhere to send clients to',
    file(EU, '  a: { backend: eu, mode: redirect }'),
    '4:21 backends.eu.endpoints[0]: lacks public_url, which mode: redirect sends clients to',
  ],
  [
    'a fence that none of its endpoints passes',
    file(EU, '  a: { backend: eu, fence: { only: { countries: [EU] } } }'),
    "services.a.fence.only: admits none of the service's endpoints",
  ],
  [
    'checks by gRPC of one that speaks HTTP/1.1',
    file(`  eu: { endpoints: [${at(1)}], health: { grpc: "" } }`, '  a: { backend: eu }'),
    'backends.eu.endpoints[0]: speaks HTTP/1.1, and health.grpc asks over HTTP/2',
  ],
  [
    'a certificate without its key',
    file(`  eu: { endpoints: [${at(1)}], tls: { cert: a.pem } }`, '  a: { backend: eu }'),
    'backends.eu.tls.cert: needs key, its private key',
  ],
  [
    'a timeout that no backend has',
    file(`  eu: { endpoints: [${at(1)}], timeouts: { first_byte: 1s } }`, '  a: { backend: eu }'),
    'backends.eu.timeouts.first_byte: is no key of this block; its keys are connect, connection_age',
  ],
  [
    'an experiment where none of its endpoints is',
    file(
      EU,
      '  a: { backend: eu }',
      'chaos: { experiments: { x: { kind: latency, delay: 1s, radius: 1%, scope: { service: a, region: us-west-2 } } } }',
    ),
    'chaos.experiments.x.scope.region: no endpoint in this scope is there',
  ],
])('%s is one line', (_, text, problem) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('what is wrong with an endpoint that several services share is said once', () => {
  const text = file(
    `  eu: { endpoints: [${at(1, ', overflow_max: 300%')}] }`,
    '  a: { match: { hosts: [a] }, backend: eu }\n  b: { backend: eu }',
    'routing: { shed_at: 110% }',
  );
  expect(problemsOf(text)).toEqual([expect.stringContaining('backends.eu.endpoints[0].overflow_max')]);
});
