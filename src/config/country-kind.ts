import { CONTINENTS, COUNTRIES, COUNTRY_GROUPS, type Continent } from './countries.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { didYouMean } from './suggest.ts';

const GROUPS = Object.keys(COUNTRY_GROUPS);
const KNOWN = new Set(COUNTRIES);

/** Codes that people write and ISO 3166-1 does not have. */
const ALSO_CALLED: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR', EEC: 'EEA', EUROPE: 'EU' };

/** One country by its code. */
export const country: Kind<string> = countryKind('a country by its ISO 3166-1 code such as DE', []);

/** A country, or a word that stands for several. */
export const countryOrGroup: Kind<string> = countryKind(
  `a country by its ISO 3166-1 code such as DE, or ${GROUPS.join(' or ')}`,
  GROUPS,
);

/** A continent by its name; by its two letters, `EU` would be Europe and the European Union. */
export const continent: Kind<Continent> = {
  expected: `one of ${CONTINENTS.join(', ')}`,
  json: { type: 'string', enum: CONTINENTS },
  read(value) {
    const found = CONTINENTS.find((one) => one === value);
    if (found !== undefined) return right(found);
    const hint =
      value === 'EU'
        ? '; the continent is europe, and the European Union goes under countries'
        : didYouMean(String(value), CONTINENTS);
    return wrong(mustBe(continent.expected, value) + hint);
  },
};

function countryKind(expected: string, groups: readonly string[]): Kind<string> {
  return {
    expected,
    json: { type: 'string', pattern: groups.length === 0 ? '^[A-Z]{2}$' : `^([A-Z]{2}|${groups.join('|')})$` },
    read(value) {
      if (typeof value === 'string' && (KNOWN.has(value) || groups.includes(value))) return right(value);
      return wrong(mustBe(expected, value) + hintFor(value, groups));
    },
  };
}

function hintFor(value: unknown, groups: readonly string[]): string {
  // A YAML of the old kind reads NO as a boolean, and some editors write it so.
  if (value === false) return '; for Norway write "NO" in quotes';
  if (typeof value !== 'string') return '';
  const upper = value.toUpperCase();
  const meant = ALSO_CALLED[upper] ?? upper;
  return KNOWN.has(meant) || groups.includes(meant) ? `; did you mean "${meant}"?` : '';
}
