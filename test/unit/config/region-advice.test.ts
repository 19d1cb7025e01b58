import { expect, test } from 'vitest';
import { regionAdvice } from '../../../src/config/region-advice.ts';

test.each([
  ['aws', 'us-east-11', '"us-east-11" is no known region of aws; did you mean us-east-1, us-east-2 or us-west-1?'],
  ['azure', 'East US', '"East US" is no known region of azure; did you mean eastus?'],
  ['gcp', 'us-east-1', '"us-east-1" is no known region of gcp; us-east-1 is a region of aws; did you mean us-east1?'],
  ['aws', 'japaneast', 'japaneast is a region of azure'],
] as const)('%s %s', (cloud, region, message) => {
  expect(regionAdvice(cloud, region)).toContain(message);
});
