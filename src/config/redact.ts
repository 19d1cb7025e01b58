import type { Topology } from './topology.ts';

/** What stands in place of a secret. */
const REDACTED = '(redacted)';

/** The topology as it may be shown to anybody: secrets that are set are replaced, the rest is as it is. */
export function printable(topology: Topology): Topology {
  const token = topology.admin.token === '' ? '' : REDACTED;
  return Object.freeze({ ...topology, admin: Object.freeze({ ...topology.admin, token }) });
}
