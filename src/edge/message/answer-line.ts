import { STATUS_CODES } from 'node:http';

/**
 * The reason phrase of a fallback's answer, from what undici says of it. undici keeps only the last part of a phrase that
 * came in several pieces, and decodes it as UTF-8: what is an end of the usual phrase is taken for that, what was UTF-8
 * goes on byte for byte, and what was not is left out, since nothing reads it (RFC 9112 §4).
 */
export function reasonOf(status: number, said: string | undefined): string {
  const usual = STATUS_CODES[status] ?? '';
  if (said === undefined || usual.endsWith(said)) return usual;
  if (said.includes('\ufffd')) return '';
  const bytes = Buffer.from(said).toString('latin1');
  return PHRASE.test(bytes) ? bytes : '';
}

/** undici lets control characters through; node:http throws at them. */
const PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;
