import { expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/admin/examples.ts';
import { readStartOrder } from '../../../src/config/read-experiment.ts';
import { type OverrideVerb, readOverrideOrder } from '../../../src/config/read-override.ts';

test.each(Object.entries(EXAMPLES))('the example of %s is right', (name, text) => {
  const body: unknown = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '');
  const read = name === 'chaos' ? readStartOrder(body) : readOverrideOrder(name as OverrideVerb, body);
  expect(read).not.toHaveProperty('problems');
});
