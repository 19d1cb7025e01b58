import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  ['routing: { header: X-Priority, select: weighted, latency_from: edge, curve: decay, band: 0, ramp: 0s }'],
  ['routing: { failover: [azure, aws], health_floor: 80%, diversity_half_life: 1h }'],
  ['routing: { default_priority: mine, priorities: { mine: { latency: 1, capacity: 0, health: 0, diversity: 0 } } }'],
  ['health: { path: "/h?deep=1", host: "shop.example.com:8080", expect: [200, 204], rise: 1, fall: 100 }'],
  ['breakers: { failures: 1, successes: 1, open_for: 100ms, probes: 1 }'],
  ['retries: { attempts: 1, budget: 0, budget_floor: 0.5, buffer: 0, statuses: [] }'],
  ['timeouts: { connect: 10ms, first_byte: 1h, patience: 250ms, idle: 24h }'],
  ['timeouts: { patience: "off" }'],
])('%s is right', (line) => {
  expect(problemsWith(line)).toEqual([]);
});

test.each([
  ['routing: { header: "a b" }', '2:20 routing.header: must be the name of a request header'],
  ['routing: { select: fastest }', '2:20 routing.select: must be best, weighted or optimal'],
  ['routing: { band: 2 }', '2:18 routing.band: must be a number from 0 to 1'],
  ['routing: { failover: [] }', '2:12 routing.failover: must have at least 1'],
  ['routing: { failover: [aws, aws] }', '2:28 routing.failover[1]: repeats "aws"; remove one of them'],
  ['routing: { failover: [aws, ibm] }', '2:28 routing.failover[1]: must be aws, gcp or azure; it is "ibm"'],
  ['routing: { failover: [aws, gcp, azure, aws] }', '2:40 routing.failover[3]: repeats "aws"; remove one of them'],
  ['routing: { health_floor: 50 }', '2:26 routing.health_floor: must be a share from 0 to 1'],
  ['health: { path: healthz }', '2:17 health.path: must be a path that begins with "/"'],
  ['health: { host: "http://x" }', '2:17 health.host: must be a host name'],
  ['health: { expect: 2xx }', '2:19 health.expect: must be statuses'],
  ['health: { rise: 0 }', '2:17 health.rise: must be a whole number from 1 to 100'],
  ['breakers: { open_for: 60 }', '2:23 breakers.open_for: must be a duration'],
  ['retries: { attempts: 11 }', '2:22 retries.attempts: must be a whole number from 1 to 10'],
  ['retries: { budget: 120% }', '2:20 retries.budget: must be a share'],
  ['retries: { buffer: 65MiB }', '2:20 retries.buffer: must be at most 64MiB'],
  ['retries: { statuses: [200] }', '2:23 retries.statuses[0]: must be a whole number from 400 to 599'],
  ['timeouts: { patience: never }', '2:23 timeouts.patience: must be auto or off, or a duration'],
  ['timeouts: { idle: 0s }', '2:19 timeouts.idle: must be from 1s to 24h'],
])('%s is refused where it is wrong', (line, problem) => {
  expect(problemsWith(line)).toEqual([expect.stringContaining(problem)]);
});
