import { expect, test } from 'vitest';
import { accessSampling } from '../../../src/config/access-sampling.ts';

test.each([
  [true, true],
  [false, false],
  [{ sample: '1%' }, { sample: 0.01, always: ['errors', 'failovers', 'slow'], slowMs: 1000 }],
  [
    { sample: 0, always: ['slow'], slow: '250ms' },
    { sample: 0, always: ['slow'], slowMs: 250 },
  ],
])('%j', (written, value) => {
  expect(accessSampling.read(written)).toEqual({ ok: true, value });
});

test.each([
  ['on', [], 'must be true or false'],
  [{}, ['sample'], 'is missing'],
  [{ sample: 2 }, ['sample'], 'must be a share'],
  [{ sample: 1, slow: '2h' }, ['slow'], 'must be from'],
  [{ sample: 1, always: ['warnings'] }, ['always'], 'a list of errors, failovers, slow'],
  [{ sample: 1, rate: 1 }, ['rate'], 'is no key of this block'],
])('%j is wrong', (written, path, message) => {
  const read = accessSampling.read(written);
  expect(read.ok ? [] : read.faults).toMatchObject([{ path, message: expect.stringContaining(message) as string }]);
});
