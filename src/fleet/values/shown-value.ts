import { createHash } from 'node:crypto';
import type { Consistency, ValueMerge } from '../../config/topology-values.ts';
import { canonical } from '../canonical.ts';
import type { SharedRecord, VectorClock } from '../fleet.ts';
import { readValue, type StrongOrigin } from './value-record.ts';

/** A value as people and programs are shown it. */
export type ShownValue = {
  readonly key: string;
  /** Left out when it is deleted. */
  readonly value?: unknown;
  readonly deleted: boolean;
  readonly consistency: Consistency;
  readonly merge: ValueMerge;
  /** Up to which number the writes of each edge are in it; of a strong value, how many writes it has had. */
  readonly version: VectorClock | { readonly revision: number };
  /** The version in short, for `If-Match`. */
  readonly etag: string;
  /** ISO 8601, by the clock of the edge that wrote it last. */
  readonly writtenAt: string;
  readonly edge: string;
  readonly actor: string;
  /** What was written side by side and is brought together in `value`; left out when nothing was. */
  readonly conflicts?: readonly ShownWrite[];
};

export type ShownWrite = {
  readonly edge: string;
  readonly value?: unknown;
  readonly deleted: boolean;
  readonly writtenAt: string;
  readonly actor: string;
};

export type Rules = { readonly consistency: Consistency; readonly merge: ValueMerge };

/** `writes` stand side by side; one is no conflict. */
export function shownValue(
  key: string,
  record: SharedRecord,
  { rules, writes }: { rules: Rules; writes: readonly SharedRecord[] },
): ShownValue {
  const { value, actor, strong } = readValue(record);
  const said = { key, ...(value === undefined ? {} : { value }), deleted: value === undefined, ...rules };
  const { writtenAtMs, by, clock } = record;
  const [atMs, edge] = strong === undefined ? [writtenAtMs, by] : [strong.atMs, strong.by];
  return {
    ...said,
    version: strong === undefined ? clock : { revision: strong.revision },
    etag: strong === undefined ? etagOf(clock) : strongEtag(strong),
    writtenAt: new Date(atMs).toISOString(),
    edge,
    actor,
    ...(writes.length > 1 ? { conflicts: writes.map(shownWrite) } : {}),
  };
}

function shownWrite(record: SharedRecord): ShownWrite {
  const { value, actor } = readValue(record);
  const said = value === undefined ? {} : { value };
  const writtenAt = new Date(record.writtenAtMs).toISOString();
  return { edge: record.by, ...said, deleted: value === undefined, writtenAt, actor };
}

/** Equal clocks have equal texts. */
export function etagOf(clock: VectorClock): string {
  return `"${createHash('sha256').update(canonical(clock)).digest('base64url').slice(0, 16)}"`;
}

/** The version of a value that most regions agreed on. Each agreement has another one. */
export function strongEtag({ revision, id }: Pick<StrongOrigin, 'revision' | 'id'>): string {
  return `"${revision}-${id}"`;
}
