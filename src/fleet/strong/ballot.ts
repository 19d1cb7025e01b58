import { invariant } from '../../table/invariant.ts';

/**
 * Which try at a key comes after which, as a text that sorts like a number: 8 digits of the generation, 14 of a count and 10 that
 * are drawn once for each process, so that no two tries of two processes are the same. Digits only, and always as many: Redis compares
 * texts by the rules of its locale, which agree on digits.
 *
 * The generation rises when a store that lost its memory is taken in again (roster.ts); it comes first, so that whatever began before
 * comes before whatever began after.
 */
export type Ballot = string;

export const GENERATION_DIGITS = 8;
export const COUNT_DIGITS = 14;
export const NONCE_DIGITS = 10;
export const BALLOT_DIGITS = GENERATION_DIGITS + COUNT_DIGITS + NONCE_DIGITS;

/** Of a store that has never been in a roster. */
export const FIRST_GENERATION = '0'.repeat(GENERATION_DIGITS);

const COUNT_MAX = 10 ** COUNT_DIGITS - 1;

/** Puts a ballot together. `count` is from 0 to 10¹⁴ − 1; the texts have as many digits as a ballot has for them. */
export function ballotOf(generation: string, count: number, nonce: string): Ballot {
  invariant(count >= 0 && count <= COUNT_MAX, 'a count of tries has 14 digits at most');
  return `${generation}${String(count).padStart(COUNT_DIGITS, '0')}${nonce}`;
}

/** The generation of a ballot, with all its digits. */
export function generationOf(ballot: Ballot): string {
  return ballot.slice(0, GENERATION_DIGITS);
}

/** 0 for an empty text, which is before every ballot. */
export function countOf(ballot: Ballot): number {
  return Number(ballot.slice(GENERATION_DIGITS, GENERATION_DIGITS + COUNT_DIGITS));
}

/** The generation after the latest of these. */
export function nextGeneration(generations: readonly string[]): string {
  const latest = Math.max(0, ...generations.map(Number));
  return String(latest + 1).padStart(GENERATION_DIGITS, '0');
}

/** Ten digits of chance, for the life of a process. */
export function nonceOf(random: () => number): string {
  return String(Math.floor(random() * 10 ** NONCE_DIGITS)).padStart(NONCE_DIGITS, '0');
}

/** The largest of some ballots, generations or empty texts. */
export function latest(texts: Iterable<string>): string {
  let found = '';
  for (const text of texts) if (text > found) found = text;
  return found;
}
