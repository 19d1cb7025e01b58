import type { Place } from '../config/topology.ts';
import { nearestCountry } from './country-points.ts';

/** Parts of the world whose networks behave alike: what fitted factors are kept by. */
export type Subregion = keyof typeof MEMBERS;

/** Every ISO country is in exactly one; the United States, Canada and Russia are cut by longitude below. */
const MEMBERS = {
  'us-east': 'US PM',
  'us-west': '',
  'canada-east': 'CA GL',
  'canada-west': '',
  'central-america': 'BZ CR GT HN MX NI PA SV',
  caribbean: 'AG AI AW BB BL BM BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI',
  andes: 'BO CO EC GF GY PE SR VE',
  'south-america': 'AR CL FK GS PY UY',
  brazil: 'BR',
  'british-isles': 'GB GG IE IM JE',
  'western-europe': 'AT BE CH DE FR LI LU MC NL',
  iberia: 'AD ES GI PT',
  italy: 'IT MT SM VA',
  nordics: 'AX DK FI FO IS NO SE SJ',
  'central-europe': 'CZ EE HR HU LT LV PL SI SK',
  balkans: 'AL BA BG CY GR ME MK RO RS XK',
  'eastern-europe': 'BY MD UA',
  russia: 'RU',
  siberia: '',
  'central-asia': 'AF AM AZ GE IR KG KZ MN TJ TM UZ',
  turkey: 'TR',
  levant: 'EG IL IQ JO LB PS SY',
  gulf: 'AE BH KW OM QA SA YE',
  maghreb: 'DZ EH LY MA TN',
  'west-africa': 'AO BF BJ CD CF CG CI CM CV GA GH GM GN GQ GW LR ML MR NE NG SH SL SN ST TD TG',
  'east-africa': 'BI DJ ER ET KE KM MG MU MW RE RW SC SD SO SS TZ UG YT',
  'southern-africa': 'BV BW HM LS MZ NA SZ TF ZA ZM ZW',
  'south-asia': 'BD BT IN IO LK MV NP PK',
  'south-east-asia': 'BN CC CX ID KH LA MM MY SG TH TL VN',
  philippines: 'PH PW',
  china: 'CN',
  'hong-kong-taiwan': 'HK MO TW',
  'korea-japan': 'JP KP KR',
  australia: 'AU NF',
  oceania: 'AQ AS CK FJ FM GU KI MH MP NC NR NU NZ PF PG PN SB TK TO TV UM VU WF WS',
} as const;

export const SUBREGIONS = Object.keys(MEMBERS) as readonly Subregion[];

/** The subregion of a place, by its country; of a place without a known country, by the country it is nearest to. */
export function subregionOf(place: Place): Subregion {
  const country = BY_COUNTRY.has(place.country) ? place.country : nearestCountry(place);
  if (country === 'US' && place.longitude < -102) return 'us-west';
  if (country === 'CA' && place.longitude < -88) return 'canada-west';
  if (country === 'RU' && place.longitude > 58) return 'siberia';
  return BY_COUNTRY.get(country) ?? 'western-europe';
}

/** The region of clients that points belong to, by the first of them: 1 and on, by the order of `SUBREGIONS`; 0 for no point at all. */
export function clientRegionOf(points: readonly Place[]): number {
  const [first] = points;
  return first === undefined ? 0 : 1 + SUBREGIONS.indexOf(subregionOf(first));
}

const BY_COUNTRY: ReadonlyMap<string, Subregion> = new Map(
  SUBREGIONS.flatMap((subregion) =>
    MEMBERS[subregion]
      .split(' ')
      .filter((country) => country !== '')
      .map((country) => [country, subregion] as const),
  ),
);
