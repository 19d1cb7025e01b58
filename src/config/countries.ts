/**
 * Countries as fences name them: ISO 3166-1 alpha-2 codes (and XK, as databases do), by continent. Cyprus counts as Europe and Turkey as
 * Asia, as GeoNames has them.
 */
const CONTINENT_MEMBERS = {
  africa:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  antarctica: 'AQ BV GS HM TF',
  asia: 'AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE',
  europe:
    'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  'north-america':
    'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  oceania: 'AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
  'south-america': 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
} as const;

export type Continent = keyof typeof CONTINENT_MEMBERS;

export const CONTINENTS = Object.keys(CONTINENT_MEMBERS) as readonly Continent[];

/** Every country, in alphabetical order. */
export const COUNTRIES: readonly string[] = Object.values(CONTINENT_MEMBERS)
  .flatMap((members) => members.split(' '))
  .toSorted();

/** Members of the European Union, and what has a code of its own and belongs to it: Åland and the outermost regions of France. */
const EU = 'AT AX BE BG CY CZ DE DK EE ES FI FR GF GP GR HR HU IE IT LT LU LV MF MQ MT NL PL PT RE RO SE SI SK YT';

/** Words that stand for several countries. EEA is the European Economic Area: the EU, Iceland, Liechtenstein and Norway. */
export const COUNTRY_GROUPS = { EU: EU.split(' '), EEA: `${EU} IS LI NO`.split(' ') } as const;
export type CountryGroup = keyof typeof COUNTRY_GROUPS;

export const countriesOfContinent: Readonly<Record<Continent, readonly string[]>> = Object.fromEntries(
  CONTINENTS.map((continent) => [continent, CONTINENT_MEMBERS[continent].split(' ')]),
) as unknown as Readonly<Record<Continent, readonly string[]>>;

/** The countries that a list of codes and words stands for, each once. */
export function spelledOut(words: readonly string[]): readonly string[] {
  return [...new Set(words.flatMap((word) => (isGroup(word) ? COUNTRY_GROUPS[word] : [word])))];
}

function isGroup(word: string): word is CountryGroup {
  return Object.hasOwn(COUNTRY_GROUPS, word);
}
