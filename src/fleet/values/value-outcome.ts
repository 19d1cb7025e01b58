import type { Consistency } from '../../config/topology-values.ts';
import type { Put } from '../fleet.ts';
import type { ShownValue } from './shown-value.ts';

/** What somebody wants of a key. Versions are as they were shown; `*` is any. */
export type ValueOrder = {
  readonly key: string;
  /** Undefined deletes it. */
  readonly value: unknown;
  readonly actor: string;
  readonly consistency: Consistency | undefined;
  /** It must have this version. */
  readonly ifMatch: string | undefined;
  /** It must not be there. */
  readonly ifAbsent: boolean;
};

/** Why an order or a question was not carried out. */
export type Unmet = {
  readonly kind: 'invalid' | 'missing' | 'conflict' | 'mismatch' | 'full' | 'limited' | 'refused' | 'unknown';
  readonly why: string;
  readonly fix: string;
  /** What it is, where that is known. */
  readonly now?: ShownValue | undefined;
  readonly retryMs?: number;
};

export type ValueRead = { readonly kind: 'read'; readonly shown: ShownValue } | Unmet;

/** `most`: most regions have it. `primary`: the store of this edge's region. `here`: only this edge, which goes on trying. */
export type ValueWritten =
  | { readonly kind: 'written'; readonly shown: ShownValue; readonly stored: Put['stored'] | 'most' }
  | Unmet;

/** What became of an order, as metrics and the log tell it. */
export type WriteResult = 'acknowledged' | 'here' | 'conflict' | 'refused' | 'limited' | 'unknown';

export const REFUSED_FIX =
  'nothing was written; try again when the stores can be reached, GET /fleet says which cannot';
export const UNKNOWN_FIX = 'it may have been written or may yet be: read the key before trying again';

/** There is no such value, or none any more. */
export function missing(key: string, now: ShownValue | undefined): Unmet {
  const why = now === undefined ? `there is no ${key}` : `${key} was deleted`;
  return { kind: 'missing', why, fix: 'meridian fleet list, or GET /fleet/values, shows what there is', now };
}

/** The value is not what the condition of a write asks for. */
export function conflict(key: string, now: ShownValue | undefined): Unmet {
  const there = now === undefined || now.deleted ? 'it is not there' : `it has the version ${now.etag}`;
  return {
    kind: 'conflict',
    why: `${key} is not as the condition says: ${there}`,
    fix: 'read it, and decide anew',
    now,
  };
}
