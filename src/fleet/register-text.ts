import { createHash } from 'node:crypto';
import { isMapping } from '../config/raw.ts';
import type { Register, Write } from './register.ts';
import { joined } from './vector-clock.ts';

/** The form that this program writes. A text of another is left alone: a newer edge knows what it means. */
export const TEXT_VERSION = 1;
/** More than this is no register of ours: as many writes side by side as there are, each of the size it may have. */
export const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/** Numbers beyond are no edge's: there must be room to count on. */
export const NUMBER_MAX = Number.MAX_SAFE_INTEGER - 2 ** 32;

/** A register as stores keep it: `{"v":1,"c":{"edge":number},"w":[[edge,number,atMs,value],…]}`. */
export function registerText({ clock, writes }: Register): string {
  return JSON.stringify({ v: TEXT_VERSION, c: clock, w: writes.map((w) => [w.by, w.number, w.atMs, w.value]) });
}

/** Reads such a text; what is wrong with it, in words, when it is another. */
export function readRegister(key: string, text: string): Register | string {
  if (text.length > TEXT_BYTES_MAX) return `it has ${text.length} characters`;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isMapping(raw)) return 'it is not an object';
  if (raw['v'] !== TEXT_VERSION)
    return `it has version ${JSON.stringify(raw['v'] ?? null)}, this edge knows ${TEXT_VERSION}`;
  const writes = Array.isArray(raw['w']) ? raw['w'].map(writeOf) : [];
  if (!isClock(raw['c']) || writes.length === 0 || writes.includes(undefined)) return 'it lacks what version 1 has';
  const clock = writes.reduce(
    (all, w) => (w === undefined ? all : joined(all, { [w.by]: w.number })),
    joined(raw['c'], {}),
  );
  return Object.freeze({ key, clock, writes: Object.freeze(writes as Write[]) });
}

/** What a store compares instead of a whole text. Not for security. */
export function textHash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function writeOf(raw: unknown): Write | undefined {
  if (!Array.isArray(raw)) return undefined;
  const [by, number, atMs, value] = raw as readonly unknown[];
  if (typeof by !== 'string' || by === '' || !isCount(number) || typeof atMs !== 'number' || !isMapping(value))
    return undefined;
  return Object.freeze({ by, number, atMs, value: Object.freeze(value) });
}

function isClock(raw: unknown): raw is Readonly<Record<string, number>> {
  return isMapping(raw) && Object.values(raw).every(isCount);
}

function isCount(raw: unknown): raw is number {
  return Number.isSafeInteger(raw) && (raw as number) >= 0 && (raw as number) <= NUMBER_MAX;
}
