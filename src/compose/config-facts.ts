import { createHash } from 'node:crypto';
import { printable } from '../config/redact.ts';
import type { Topology } from '../config/topology.ts';
import type { CertificateEnd, ConfigFacts, NamedEnd } from '../observe/config-families.ts';
import { certificateEnds, shownEnds } from './certificate-ends.ts';
import type { Control } from './control.ts';
import type { PemTexts } from './pem-files.ts';

/** Digits of the hash: enough to tell the files of a fleet apart. */
const HASH_DIGITS = 12;

/** Which configuration is in force, since when, and when its certificates end. Each is worked out once for a reload. */
export function configFacts(
  control: Pick<Control, 'current' | 'onEvent'> & { readonly wallMs: () => number },
): Omit<ConfigFacts, 'dnsAgesMs'> {
  const { current, onEvent, wallMs } = control;
  let sinceMs = wallMs();
  onEvent((event) => {
    if (event.type === 'reloaded') sinceMs = wallMs();
  });
  let hashed: { readonly of: Topology; readonly hash: string } | undefined;
  let read:
    | { readonly of: PemTexts; readonly ends: readonly CertificateEnd[]; readonly shown: readonly NamedEnd[] }
    | undefined;
  const ends = () => {
    const { pem } = current;
    if (read?.of !== pem) read = { of: pem, ends: certificateEnds(pem), shown: shownEnds(pem) };
    return read;
  };
  return {
    wallMs,
    sinceMs: () => sinceMs,
    hash: () => {
      if (hashed?.of !== current.written) hashed = { of: current.written, hash: hashOf(current.written) };
      return hashed.hash;
    },
    certificates: () => ends().ends,
    shown: () => ends().shown,
  };
}

/**
 * Of what may be shown to anybody: nobody is to try out secrets on it. Where the file lies is left out, and so is which edge this is
 * and where it stands, so that edges of a fleet with the same services have the same.
 */
export function hashOf(topology: Topology): string {
  const { file: _, edge, ...said } = printable(topology);
  const { id: _id, pseudonym: _pseudonym, cloud: _cloud, region: _region, place: _place, ...same } = edge;
  return createHash('sha256')
    .update(JSON.stringify([said, same]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
}
