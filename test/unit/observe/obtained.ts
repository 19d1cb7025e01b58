import type { ObtainedFact } from '../../../src/observe/acme-families.ts';

/** A certificate that the edge obtained, for tests. */
export const OBTAINED: ObtainedFact = {
  name: 'a.example.com',
  directory: 'https://ca.example:14000/dir',
  state: 'obtained',
  notAfterMs: 90_000,
  renewMs: 60_000,
  failures: 0,
  error: '',
  againMs: undefined,
};
