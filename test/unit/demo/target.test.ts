import { expect, test } from 'vitest';
import { parseTarget } from '../../../src/demo/target.ts';

test.each([
  ['gcp/europe-west1', 'gcp/europe-west1', ['gcp/europe-west1']],
  ['europe-west1', 'gcp/europe-west1', ['gcp/europe-west1']],
  ['GCP', 'gcp', ['gcp/europe-west1', 'gcp/asia-northeast1']],
  ['azure', 'azure', ['azure/japaneast', 'azure/brazilsouth']],
])('%s', (text, name, ids) => {
  expect(parseTarget(text)).toEqual({ name, ids });
});

test.each(['', '/', 'gcp/', 'aws/europe-west1', 'west1', '__proto__'])('"%s" is nothing that there is', (text) => {
  expect(parseTarget(text)).toHaveProperty('error', expect.stringContaining('gcp/europe-west1'));
});

test('a slip of the keyboard gets a suggestion', () => {
  expect(parseTarget('gcp/europe-wets1')).toHaveProperty(
    'error',
    expect.stringContaining('did you mean "gcp/europe-west1"'),
  );
});
