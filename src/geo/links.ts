import { greatCircleKm } from './great-circle.ts';
import { HUBS } from './hubs.ts';

/** A stretch of backbone or cable between two hubs, given by their places in `HUBS`. */
export type Link = {
  readonly a: number;
  readonly b: number;
  readonly km: number;
  readonly medium: 'land' | 'sea';
};

/** How much longer than a great circle light's way is on a link that nothing was measured of. */
export const TYPICAL_INFLATION = { land: 1.5, sea: 1.25 } as const;

/** Backbones on land and short straits: every neighbour that follows the colon. */
const LAND_TABLE = `
ashburn: new-york atlanta chicago dallas
new-york: boston montreal toronto chicago
boston: montreal halifax
montreal: toronto halifax
toronto: chicago winnipeg
chicago: minneapolis kansas-city denver seattle dallas atlanta salt-lake-city
minneapolis: winnipeg seattle denver kansas-city
kansas-city: denver dallas atlanta
atlanta: miami dallas new-orleans
miami: new-orleans
new-orleans: san-antonio dallas
dallas: san-antonio denver phoenix los-angeles
san-antonio: phoenix monterrey
denver: salt-lake-city phoenix los-angeles
salt-lake-city: san-jose portland los-angeles seattle
phoenix: los-angeles
los-angeles: san-jose queretaro
san-jose: portland seattle
portland: seattle
seattle: calgary
calgary: winnipeg
dallas: monterrey
monterrey: queretaro
queretaro: guatemala
guatemala: panama
bogota: caracas guayaquil
guayaquil: lima
santiago: buenos-aires
buenos-aires: sao-paulo
sao-paulo: brasilia fortaleza
brasilia: fortaleza
london: manchester amsterdam brussels paris
manchester: dublin
london: dublin
amsterdam: brussels frankfurt copenhagen berlin
brussels: paris frankfurt
paris: frankfurt zurich marseille madrid
frankfurt: berlin munich zurich prague copenhagen
berlin: warsaw copenhagen prague
munich: zurich vienna milan
zurich: milan
milan: marseille rome vienna zagreb
marseille: madrid
madrid: lisbon
rome: palermo
copenhagen: stockholm oslo
oslo: stockholm
stockholm: helsinki riga
helsinki: st-petersburg riga
riga: warsaw st-petersburg
warsaw: kyiv prague moscow vienna
prague: vienna
vienna: budapest zagreb
budapest: belgrade bucharest
zagreb: belgrade
belgrade: sofia
sofia: bucharest athens istanbul
bucharest: istanbul kyiv
kyiv: moscow
moscow: st-petersburg yekaterinburg tbilisi
yekaterinburg: novosibirsk almaty
moscow: almaty
novosibirsk: almaty vladivostok beijing
almaty: beijing
istanbul: tbilisi tehran
tbilisi: tehran
tehran: dubai
tel-aviv: alexandria riyadh
alexandria: jeddah
jeddah: riyadh
riyadh: bahrain
bahrain: dubai doha
doha: dubai riyadh
johannesburg: cape-town nairobi
nairobi: dar-es-salaam
lagos: accra
karachi: lahore
lahore: delhi
delhi: mumbai
mumbai: hyderabad chennai
hyderabad: chennai delhi
delhi: dhaka
dhaka: yangon
yangon: bangkok
bangkok: kuala-lumpur ho-chi-minh
kuala-lumpur: singapore
ho-chi-minh: hanoi
hanoi: hong-kong
hong-kong: shanghai beijing
shanghai: beijing
seoul: osaka
tokyo: osaka sapporo
perth: adelaide
adelaide: melbourne
melbourne: sydney
sydney: brisbane
auckland: christchurch
`;

/** Submarine cables, named only by where they land. */
const SEA_TABLE = `
new-york: london paris dublin
ashburn: paris madrid
boston: dublin
halifax: london dublin
london: reykjavik
reykjavik: copenhagen halifax
copenhagen: new-york
london: lisbon
miami: san-juan bogota panama guatemala fortaleza sao-paulo queretaro caracas
san-juan: new-york caracas
new-york: sao-paulo fortaleza
panama: bogota guayaquil lima
lima: santiago
panama: santiago
los-angeles: panama guatemala
fortaleza: lisbon luanda dakar
paramaribo: fortaleza miami
marseille: alexandria algiers tunis athens palermo tel-aviv
milan: tel-aviv athens
palermo: tunis athens tel-aviv alexandria
athens: limassol istanbul
limassol: tel-aviv alexandria
lisbon: casablanca dakar
madrid: algiers casablanca
dakar: accra
lisbon: accra lagos cape-town
lagos: luanda
luanda: cape-town
accra: cape-town
alexandria: djibouti
jeddah: djibouti
djibouti: mumbai dubai nairobi dar-es-salaam
dubai: mumbai karachi singapore
karachi: mumbai
jeddah: karachi
djibouti: karachi singapore
dar-es-salaam: johannesburg
johannesburg: port-louis
port-louis: mumbai singapore perth
nairobi: dubai mumbai
mumbai: singapore colombo
colombo: singapore chennai
chennai: singapore
dhaka: singapore
yangon: singapore
singapore: jakarta hong-kong ho-chi-minh manila perth bangkok
jakarta: perth
ho-chi-minh: hong-kong
manila: hong-kong tokyo guam taipei
hong-kong: taipei tokyo seoul
taipei: tokyo shanghai
shanghai: tokyo osaka seoul
seoul: tokyo
beijing: seoul
vladivostok: sapporo seoul beijing
tokyo: seattle portland los-angeles san-jose guam singapore
osaka: los-angeles seattle
taipei: los-angeles san-jose
hong-kong: los-angeles san-jose
shanghai: los-angeles san-jose seattle
singapore: los-angeles guam
manila: los-angeles
guam: honolulu hong-kong
honolulu: los-angeles san-jose seattle sydney auckland suva tokyo
perth: sydney
sydney: auckland los-angeles suva guam
melbourne: auckland
auckland: los-angeles suva
brisbane: guam
`;

export const LINKS: readonly Link[] = [...readLinks(LAND_TABLE, 'land'), ...readLinks(SEA_TABLE, 'sea')];

function readLinks(table: string, medium: Link['medium']): Link[] {
  return table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [from = '', neighbours = ''] = line.split(': ');
      return neighbours.split(' ').map((to) => readLink(from, to, medium));
    });
}

function readLink(from: string, to: string, medium: Link['medium']): Link {
  const [a, b] = [indexOf(from), indexOf(to)];
  return Object.freeze({ a, b, km: greatCircleKm(HUBS[a] ?? ORIGIN, HUBS[b] ?? ORIGIN), medium });
}

const ORIGIN = { latitude: 0, longitude: 0 };

function indexOf(name: string): number {
  const index = HUBS.findIndex((hub) => hub.name === name);
  if (index === -1) throw new Error(`The table of links names ${name}, which is no hub.`);
  return index;
}
