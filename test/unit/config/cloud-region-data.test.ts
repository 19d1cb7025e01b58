import { expect, test } from 'vitest';
import { AWS_REGIONS, AZURE_REGIONS, GCP_REGIONS } from '../../../src/config/cloud-region-data.ts';

test('every line has five fields and at most a partition and a status more', () => {
  for (const line of [AWS_REGIONS, GCP_REGIONS, AZURE_REGIONS].flatMap((text) => text.trim().split('\n'))) {
    const [region, name, latitude, longitude, country, partition = '', status = '', ...rest] = line.split('|');
    expect(
      [region, name, country].every((field) => field !== undefined && field !== ''),
      line,
    ).toBe(true);
    expect(`${latitude} ${longitude}`, line).toMatch(/^-?\d+\.\d\d -?\d+\.\d\d$/);
    expect(['', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'azure-china', 'azure-us-gov'], line).toContain(partition);
    expect(['', 'restricted', 'listed-in-sdk'], line).toContain(status);
    expect(rest, line).toEqual([]);
  }
});
