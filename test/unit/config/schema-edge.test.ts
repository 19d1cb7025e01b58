import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  ['edge: { id: edge-1.example_2 }'],
  ['edge: { region: gcp/europe-west1 }'],
  ['edge: { region: azure/my-hall, place: { lat: -90, lon: 180 } }'],
  ['edge: { listen: ":0", workers: 1, connections: 1000000, drain: 0s }'],
  ['edge: { workers: 128, keep_alive: 1h, head_timeout: 100ms }'],
  ['edge: { tls: { cert: c.pem, key: k.pem } }'],
  ['edge: { trust_proxies: [loopback, 10.0.0.0/8, "::1"], decision_headers: trusted }'],
  ['admin: { listen: "[::1]:9901", token: abc }'],
  ['geo: { database: /var/lib/geo.mmdb }'],
  ['log: { level: silent, access: false }'],
])('%s is right', (line) => {
  expect(problemsWith(line)).toEqual([]);
});

test.each([
  ['edge: { id: "" }', '2:13 edge.id: must be letters'],
  ['edge: { region: us-east-1 }', '2:17 edge.region: must be a cloud and a region such as aws/us-east-1'],
  ['edge: { place: { lat: 91, lon: 0 } }', '2:23 edge.place.lat: must be a number from -90 to 90'],
  ['edge: { place: { lat: 9 } }', '2:9 edge.place.lon: is missing'],
  ['edge: { workers: 0 }', '2:18 edge.workers: must be auto, or a whole number from 1 to 128; it is the number 0'],
  ['edge: { tls: { cert: c.pem } }', '2:9 edge.tls.key: is missing; it must be the path of a PEM file'],
  ['edge: { connections: 0 }', '2:22 edge.connections: must be a whole number'],
  ['edge: { drain: 61m }', '2:16 edge.drain: must be from 0s to 1h; it is 61m'],
  ['edge: { trust_proxies: 10.0.0.0/8 }', '2:24 edge.trust_proxies: must be a list'],
  ['edge: { trust_proxies: [10.0.0.0/99] }', '2:25 edge.trust_proxies[0]: must be an address'],
  ['edge: { decision_headers: all }', '2:27 edge.decision_headers: must be never, trusted or always'],
  ['admin: { token: 12345 }', '2:17 admin.token: must be a text; put it in quotes (its value is not shown)'],
  ['admin: { token: "a b" }', '2:17 admin.token: may have no spaces'],
  ['geo: { database: "" }', '2:18 geo.database: must be builtin, or the path'],
  [
    'log: { level: warning }',
    '2:15 log.level: must be debug, info, warn, error or silent; it is "warning"; did you mean "warn"?',
  ],
  ['log: { access: on }', '2:16 log.access: must be true or false; it is "on"; did you mean true?'],
])('%s is refused where it is wrong', (line, problem) => {
  expect(problemsWith(line)).toEqual([expect.stringContaining(problem)]);
});
