import { type Kind, mustBe, right, wrong } from './kind.ts';

const EXPECTED = 'the code of a country by ISO 3166-1, such as CH';
/** What people write instead, and what is a code of something else than a country. */
const MEANT: Readonly<Record<string, string>> = { UK: 'GB', EN: 'GB', EL: 'GR', JA: 'JP' };
const NO_COUNTRY: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** A country by its two letters. */
export const countryCode: Kind<string> = {
  expected: EXPECTED,
  json: { type: 'string', pattern: '^[A-Z]{2}$' },
  read(value) {
    if (typeof value === 'boolean') return wrong(`${mustBe(EXPECTED, value)}; put NO in quotes, if Norway is meant`);
    if (typeof value !== 'string') return wrong(mustBe(EXPECTED, value));
    const upper = value.toUpperCase();
    const meant = MEANT[upper] ?? (upper !== value && isCountry(upper) ? upper : undefined);
    if (meant !== undefined) return wrong(`${mustBe(EXPECTED, value)}; did you mean ${meant}?`);
    return isCountry(value) ? right(value) : wrong(mustBe(EXPECTED, value));
  },
};

function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) && NAMES.of(code) !== undefined;
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
