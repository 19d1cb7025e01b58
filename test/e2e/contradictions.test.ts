import { expect, onTestFinished, test, vi } from 'vitest';
import { loadTopology } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { validate } from '../../src/main/validate.ts';
import { temporaryFolder } from '../support/process.ts';

// What contradicts itself in a file is one line each: where it stands, what is wrong, and what to do about it.

const TWO = (first = '', second = '') =>
  `[{ cloud: aws, region: us-east-1, url: "http://10.0.0.1"${first} }, { cloud: gcp, region: us-east4, url: "http://10.0.0.2"${second} }]`;
const file = (service: string, endpoints = TWO()) =>
  `version: 1\nservices:\n  shop:\n    ${service === '' ? 'mode: proxy' : service}\n    endpoints: ${endpoints}\n`;

test.each<[what: string, yaml: string, line: string]>([
  [
    'parts of a split that sum to 0',
    file('split: { a: 0, b: 0 }', TWO(', set: a', ', set: b')),
    '4:5 services.shop.split: has parts that sum to 0; give at least one set a part above 0',
  ],
  [
    'weights that leave nobody anything',
    file('', TWO(', weight: 0%', ', weight: 0%')),
    '5:5 services.shop.endpoints: has weights that leave none of its endpoints anything; give at least one, and its cloud, a weight above 0',
  ],
  [
    'weights of a priority that sum to 0',
    file('routing: { priorities: { mine: { latency: 0, capacity: 0, health: 0, diversity: 0 } } }'),
    '4:30 services.shop.routing.priorities.mine: has weights that sum to 0; change them so that latency, capacity, health and diversity sum to 1',
  ],
  [
    'tiers with a gap',
    file('', TWO('', ', tier: 3')),
    '5:138 services.shop.endpoints[1].tier: is 3, and no endpoint of this service is in tier 2; number the tiers from 1 on without gaps',
  ],
  [
    'a fence that nobody can pass',
    file('fence: { when: { countries: [EU] }, only: { clouds: [azure] } }'),
    "4:41 services.shop.fence.only: admits none of the service's endpoints, so nobody could pass; they are in aws/us-east-1 (US), gcp/us-east4 (US)",
  ],
  [
    'a field that frames a message',
    file('headers: { request: { set: { Content-Length: "5" } } }'),
    '4:34 services.shop.headers.request.set.Content-Length: frames the message, which is this edge’s to do; leave it out',
  ],
  [
    'the same behind another mark',
    file('headers: { request: { add: { Transfer_Encoding: chunked } } }'),
    '4:34 services.shop.headers.request.add.Transfer_Encoding: frames the message, which is this edge’s to do; leave it out',
  ],
  [
    'a field that is about one connection',
    file('headers: { request: { remove: [Connection] } }'),
    '4:36 services.shop.headers.request.remove[0]: is about one connection and goes no further anyway; leave it out',
  ],
  [
    'a value that would split a message',
    file('headers: { request: { set: { X-A: "a\\r\\nB: c" } } }'),
    '4:39 services.shop.headers.request.set.X-A: has a line end, which would begin another header field; write it on one line (a block text with ">-" has none)',
  ],
  [
    'a value that no message has',
    file('headers: { request: { set: { X-A: "${client.adress}" } } }'),
    '4:39 services.shop.headers.request.set.X-A: names ${client.adress}, which no message has; did you mean "client.address"?',
  ],
  [
    'a cookie without a secret',
    file('sticky: { by: cookie }'),
    '4:19 services.shop.sticky.by: is cookie, which must be signed; add secrets: ["${STICKY_SECRET}"], made with: openssl rand -hex 32',
  ],
  [
    'a secret that is too short',
    file('sticky: { by: cookie, secrets: ["short"] }'),
    '4:37 services.shop.sticky.secrets[0]: must have at least 32 characters; it has 5 (not shown); make one with: openssl rand -hex 32',
  ],
  [
    'a mirror to itself',
    file('mirror: { to: shop, share: 1% }'),
    "4:19 services.shop.mirror.to: is a mirror to itself: shop has endpoints that answer this service's requests; name another backend or service",
  ],
  [
    'a limit of nothing',
    file('limits: { requests: 0/s }'),
    '4:25 services.shop.limits.requests: must be at least 1; for no limit leave it out',
  ],
  [
    'nobody at once',
    file('limits: { concurrent: 0 }'),
    '4:27 services.shop.limits.concurrent: must be a whole number from 1 to 1000000; it is the number 0',
  ],
  [
    'no connections of a client',
    'version: 1\nedge: { per_client: { connections: 0/s } }\nservices: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }] } }\n',
    '2:36 edge.per_client.connections: must be at least 1; for no limit leave it out',
  ],
  [
    'a burst of nothing',
    file('limits: { burst: 5 }'),
    '4:22 services.shop.limits.burst: has no rate to be a burst of; add requests, such as 20/s',
  ],
  [
    'a priority that is shed, and that nobody has',
    file('shed: { order: [batch, latency] }'),
    '4:21 services.shop.shed.order[0]: names no priority: "batch"; there are latency, reliability, balanced, and others go under routing.priorities',
  ],
  [
    'endpoints that shed before they spill',
    file('routing: { spill_at: 120%, shed_at: 100% }'),
    '4:26 services.shop.routing.spill_at: makes spill_at (120%) no lower than shed_at (100%); an endpoint must spill before it sheds, so lower the one or raise the other',
  ],
  [
    'a rule that never has its turn',
    'version: 1\nservices:\n  shop:\n    match: [{ prefix: /x, methods: [GET, POST] }, { prefix: /x, methods: [GET] }]\n    endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }]\n',
    '4:51 services.shop.match[1]: can never match any request under /x: services.shop.match[0] comes before it and takes all of that; ask for more than it does, or remove this rule',
  ],
  [
    'clients that are sent nowhere',
    file('mode: redirect', '[{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }]'),
    '5:17 services.shop.endpoints[0]: lacks public_url, which mode: redirect sends clients to; add it',
  ],
  [
    'a path that is replaced and cut',
    file('path: { set: /a, strip_prefix: /b }'),
    '4:18 services.shop.path.set: replaces the whole path, so that strip_prefix says nothing; remove one of them',
  ],
  [
    'a group at an address',
    file('', TWO(', expand: true')),
    '5:82 services.shop.endpoints[0].expand: is for names, and the url has an address; remove it',
  ],
])('%s', async (_, yaml, line) => {
  const path = temporaryFolder().write('meridian.yaml', yaml);
  const read = await loadTopology(path, {});
  expect(read.ok ? 'good' : formatProblems(path, read.problems).replaceAll(path, 'meridian.yaml')).toBe(
    `meridian.yaml:${line}`,
  );
});

test('a rule for certificates that no client is asked for is told, and is no error', async () => {
  const yaml = file('match: [{ hosts: [a.example] }, { hosts: [a.example], client_certificate: true }]');
  const path = temporaryFolder().write('meridian.yaml', yaml);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  expect(await validate([path])).toBe(0);
  expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain(
    'services.shop: a rule of match asks for a client_certificate, and no listener has tls.client_ca, so that it never matches',
  );
});
