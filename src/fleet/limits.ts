import type { SharedValue } from './fleet.ts';

export const KEY_BYTES_MAX = 256;
export const VALUE_BYTES_MAX = 16 * 1024;
export const RECORDS_MAX = 10_000;

/** Throws when a record is larger than the fleet keeps, or is not one: what a caller could have known. */
export function checkRecord(key: string, value: SharedValue): void {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0) throw new RangeError('a record needs a key');
  if (keyBytes > KEY_BYTES_MAX) {
    throw new RangeError(`the key has ${keyBytes} bytes, at most ${KEY_BYTES_MAX} are kept: shorten it`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`the value of ${key} must be a JSON object`);
  }
  const valueBytes = Buffer.byteLength(JSON.stringify(value));
  if (valueBytes > VALUE_BYTES_MAX) {
    throw new RangeError(
      `the value of ${key} has ${valueBytes} bytes, at most ${VALUE_BYTES_MAX} are kept: shorten it`,
    );
  }
}

/** Throws when one more key would be too many. */
export function checkRoom(records: number): void {
  if (records >= RECORDS_MAX) {
    throw new RangeError(`the fleet keeps ${RECORDS_MAX} records at most: write one that is there instead`);
  }
}
