import { compareText } from '../config/compare-text.ts';
import { canonical } from './canonical.ts';
import type { Merge, SharedRecord } from './fleet.ts';

/** Where what edges obtain from authorities together is among the records of a fleet. */
export const ACME_PREFIX = 'acme/';

/** What a record is about, by its key: the account, a certificate, a challenge that is open, whose turn it is to order. */
export type AcmeRecordKind = 'account' | 'certificate' | 'challenge' | 'turn';

/**
 * What is of use to everybody else; the rest is sealed. `rank` decides between two that were written side by side: the greater one holds.
 * Of certificates it is the end, of the others the negative of when they were made, so that the first one holds.
 */
export type AcmeRecord = { readonly sealed: string; readonly rank: number };

/** Whose turn it is, by wall clocks; `untilMs` is 0 once it has ended. */
export type AcmeTurn = { readonly holder: string; readonly untilMs: number; readonly rank: number };

/** The key of a record. */
export function acmeKey(kind: AcmeRecordKind, id: string): string {
  return `${ACME_PREFIX}${kind}/${id}`;
}

/** Reads what any edge of any version may have written; undefined when it is no such record. */
export function acmeRecordOf({ value }: Pick<SharedRecord, 'value'>): AcmeRecord | undefined {
  const { sealed, rank } = value;
  return typeof sealed === 'string' && Number.isFinite(rank) ? { sealed, rank: rank as number } : undefined;
}

/** The same of a turn. */
export function acmeTurnOf({ value }: Pick<SharedRecord, 'value'>): AcmeTurn | undefined {
  const { holder, untilMs, rank } = value;
  if (typeof holder !== 'string' || !Number.isFinite(untilMs) || !Number.isFinite(rank)) return undefined;
  return { holder, untilMs: untilMs as number, rank: rank as number };
}

/** A turn that has not ended beats one that has; then the greater rank holds; then text decides, so that every edge decides alike. */
export const mergeAcme: Merge = (a, b) => (compare(a, b) >= 0 ? a.value : b.value);

function compare(a: SharedRecord, b: SharedRecord): number {
  const open = ({ value }: SharedRecord): number => Number(value['untilMs'] !== 0);
  const rank = ({ value }: SharedRecord): number =>
    Number.isFinite(value['rank']) ? (value['rank'] as number) : -Infinity;
  const [one, other] = [rank(a), rank(b)];
  return open(a) - open(b) || (one === other ? 0 : one - other) || compareText(canonical(a.value), canonical(b.value));
}
