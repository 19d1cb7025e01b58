import { expect, test } from 'vitest';
import { CLOUD, OWN_CLOUD, unknownCloud } from '../../../src/config/cloud-kind.ts';

const KNOWN = ['aws', 'gcp', 'azure', 'onprem'];

test('a known cloud, or none, is right', () => {
  expect([...KNOWN, undefined].map((name) => unknownCloud(name, KNOWN))).toEqual(KNOWN.concat('').map(() => undefined));
});

test.each([
  ['onprm', 'must be aws, gcp, azure or onprem; it is "onprm"; did you mean "onprem"?'],
  ['AWS', 'it is "AWS"; did you mean "aws"?'],
  ['Google', 'it is "Google"; did you mean "gcp"?'],
  ['hetzner', 'it is "hetzner"; for a cloud of your own add clouds: { hetzner: {} }'],
  ['Big Iron', 'it is "Big Iron"'],
  ['constructor', 'add clouds: { constructor: {} }'],
])('%s', (name, message) => {
  expect(unknownCloud(name, KNOWN)).toContain(message);
});

test('kinds take texts, and names of clouds of one’s own are of a form', () => {
  expect(CLOUD.read('whatever')).toEqual({ ok: true, value: 'whatever' });
  expect(CLOUD.read(3)).toMatchObject({ ok: false });
  expect(OWN_CLOUD.read('dc-1')).toEqual({ ok: true, value: 'dc-1' });
  expect(OWN_CLOUD.read('DC 1')).toMatchObject({ ok: false });
});
