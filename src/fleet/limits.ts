import { isMapping } from '../config/raw.ts';
import type { SharedValue } from './fleet.ts';

/** Bytes that the key of a record may have, and its value as JSON. */
export const KEY_BYTES_MAX = 256;
export const VALUE_BYTES_MAX = 16 * 1024;
/** Records of one kind: what is before the first `/` of their keys. One kind that is full takes no room from another. */
export const RECORDS_MAX = 10_000;

/** What a key is about: `override/`, `chaos/`. */
export function kindOf(key: string): string {
  return key.slice(0, key.indexOf('/') + 1);
}

/** Throws when a record is larger than the fleet keeps, or is not one: what a caller could have known. */
export function checkRecord(key: string, value: SharedValue): void {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0) throw new RangeError('a record needs a key');
  if (keyBytes > KEY_BYTES_MAX) {
    throw new RangeError(`the key has ${keyBytes} bytes, at most ${KEY_BYTES_MAX} are kept: shorten it`);
  }
  if (!isMapping(value)) {
    throw new TypeError(`the value of ${key} must be a JSON object`);
  }
  const valueBytes = Buffer.byteLength(JSON.stringify(value));
  if (valueBytes > VALUE_BYTES_MAX) {
    throw new RangeError(
      `the value of ${key} has ${valueBytes} bytes, at most ${VALUE_BYTES_MAX} are kept: shorten it`,
    );
  }
}

/** Throws when one more key of a kind, of which there are so many, would be too many. */
export function checkRoom(kind: string, records: number): void {
  if (records >= RECORDS_MAX) {
    const which = kind === '' ? 'records' : `records ${kind}`;
    throw new RangeError(`the fleet keeps ${RECORDS_MAX} ${which} at most: write one that is there instead`);
  }
}
