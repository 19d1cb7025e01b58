import { expect, test } from 'vitest';
import { expandedCount } from '../../../src/config/schema-endpoint.ts';
import { problemsOf, topologyOf } from './parse-text.ts';

const endpoint = (fields: string) => problemsOf(`version: 1\nservices:\n  s:\n    endpoints:\n      - { ${fields} }\n`);

test.each([
  ['cloud: aws, region: us-east-1, url: http://h'],
  ['cloud: gcp, region: europe-west1, url: https://h:8443/base, capacity: 1, resolve: srv'],
  ['cloud: azure, region: My.Own_Hall-1, url: http://h, lat: 0, lon: 0, capacity: 10000000'],
])('{ %s } is right', (fields) => {
  expect(endpoint(fields)).toEqual([]);
});

const GOOD = 'region: us-east-1, url: http://h';

test.each([
  [GOOD, '5:9 services.s.endpoints[0].cloud: is missing; it must be aws, gcp or azure'],
  [`cloud: AWS, ${GOOD}`, 'cloud: must be aws, gcp or azure; it is "AWS"; did you mean "aws"?'],
  [`cloud: amazon, ${GOOD}`, 'did you mean "aws"?'],
  [`cloud: azur, ${GOOD}`, 'did you mean "azure"?'],
  [
    `cloud: aws, capacity: 0, ${GOOD}`,
    '5:33 services.s.endpoints[0].capacity: must be a whole number from 1 to 10000000',
  ],
  [`cloud: aws, capacity: -5, ${GOOD}`, 'it is the number -5'],
  [`cloud: aws, capacity: 1.5, ${GOOD}`, 'it is the number 1.5'],
  [`cloud: aws, capacity: many, ${GOOD}`, 'it is "many"'],
  [`cloud: aws, resolve: hosts, ${GOOD}`, 'resolve: must be auto, dns, srv or system'],
  [`cloud: aws, wieght: 3, ${GOOD}`, 'wieght: is no key of this block; did you mean "weight"?'],
  ['cloud: aws, region: us-east-1, url: "http://h?x"', 'url: must have no query'],
])('{ %s } is refused', (fields, problem) => {
  expect(endpoint(fields)).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ['true', 16],
  ['5', 5],
  ['64', 64],
  ['false', undefined],
])('expand: %s', (written, expand) => {
  const at = '{ cloud: aws, region: us-east-1, url: "http://app.internal", expand: ' + written + ' }';
  const { services } = topologyOf(`version: 1\nservices:\n  s:\n    endpoints: [${at}]\n`);
  expect(services[0]?.endpoints[0]?.expand).toBe(expand);
});

test.each(['1', '65', 'all', '2.5'])('expand: %s is none', (written) => {
  const at = '{ cloud: aws, region: us-east-1, url: "http://app.internal", expand: ' + written + ' }';
  expect(problemsOf(`version: 1\nservices:\n  s:\n    endpoints: [${at}]\n`)).toEqual([
    expect.stringContaining('expand: must be true, false, or a whole number from 2 to 64'),
  ]);
});

test('all that names may expand to counts among the endpoints of a file', () => {
  expect([
    expandedCount(true),
    expandedCount(64),
    expandedCount(false),
    expandedCount(undefined),
    expandedCount('x'),
  ]).toEqual([16, 64, 1, 1, 1]);
});
