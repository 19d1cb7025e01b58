import type { Place } from '../config/topology.ts';
import type { Point } from './great-circle.ts';
import { greatCircleKm } from './great-circle.ts';

/** A place and its share of a country's people; the shares of a country sum to 1. */
export type WeightedPoint = Place & { readonly weight: number };

/**
 * Where the people of a country are: the main centre of most, some weighted ones of a country so wide that one point
 * would be wrong by tens of milliseconds. Undefined for a code that is no country. Degrees, rounded to a tenth.
 */
export function countryPoints(country: string): readonly WeightedPoint[] | undefined {
  return POINTS.get(country);
}

/** The country that has a population point nearest to `point`. */
export function nearestCountry(point: Point): string {
  let nearest = '';
  let nearestKm = Number.POSITIVE_INFINITY;
  for (const at of [...POINTS.values()].flat()) {
    const km = greatCircleKm(point, at);
    if (km < nearestKm) [nearest, nearestKm] = [at.country, km];
  }
  return nearest;
}

/** One line a country: ISO 3166-1 alpha-2, then `latitude longitude [share]`, separated by semicolons. */
const TABLE = `
AD 42.5 1.5
AE 25.2 55.3 7; 24.5 54.4 3
AF 34.5 69.2
AG 17.1 -61.8
AI 18.2 -63.1
AL 41.3 19.8
AM 40.2 44.5
AO -8.8 13.2
AQ -77.8 166.7
AR -34.6 -58.4 70; -31.4 -64.2 12; -32.9 -60.6 8; -32.9 -68.8 6; -26.8 -65.2 4
AS -14.3 -170.7
AT 48.2 16.4
AU -33.9 151.2 36; -37.8 145.0 30; -27.5 153.0 17; -32.0 115.9 11; -34.9 138.6 6
AW 12.5 -70.0
AX 60.1 19.9
AZ 40.4 49.9
BA 43.9 18.4
BB 13.1 -59.6
BD 23.8 90.4
BE 50.8 4.4
BF 12.4 -1.5
BG 42.7 23.3
BH 26.2 50.6
BI -3.4 29.4
BJ 6.4 2.4
BL 17.9 -62.8
BM 32.3 -64.8
BN 4.9 114.9
BO -17.8 -63.2 5; -16.5 -68.1 5
BQ 12.2 -68.3
BR -23.5 -46.6 45; -22.9 -43.2 15; -19.9 -43.9 10; -30.0 -51.2 10; -15.8 -47.9 6; -8.1 -34.9 8; -3.7 -38.5 4; -3.1 -60.0 2
BS 25.1 -77.3
BT 27.5 89.6
BV -54.4 3.4
BW -24.7 25.9
BY 53.9 27.6
BZ 17.5 -88.2
CA 43.7 -79.4 42; 45.5 -73.6 23; 49.3 -123.1 14; 51.0 -114.1 8; 53.5 -113.5 6; 49.9 -97.1 4; 44.6 -63.6 3
CC -12.2 96.8
CD -4.3 15.3 6; -11.7 27.5 4
CF 4.4 18.6
CG -4.3 15.3
CH 47.4 8.5 7; 46.2 6.1 3
CI 5.4 -4.0
CK -21.2 -159.8
CL -33.4 -70.7 8; -36.8 -73.0 2
CM 4.1 9.7 5; 3.9 11.5 5
CN 31.2 121.5 25; 39.9 116.4 22; 23.1 113.3 25; 30.6 104.1 12; 30.6 114.3 10; 34.3 108.9 6
CO 4.7 -74.1 6; 6.2 -75.6 2; 3.4 -76.5 1; 11.0 -74.8 1
CR 9.9 -84.1
CU 23.1 -82.4
CV 14.9 -23.5
CW 12.1 -68.9
CX -10.4 105.7
CY 34.9 33.2
CZ 50.1 14.4 7; 49.2 16.6 3
DE 50.1 8.7 3; 51.4 7.0 3; 52.5 13.4 2; 48.1 11.6 2; 53.6 10.0 2
DJ 11.6 43.1
DK 55.7 12.6
DM 15.3 -61.4
DO 18.5 -69.9
DZ 36.8 3.1
EC -2.2 -79.9 5; -0.2 -78.5 5
EE 59.4 24.8
EG 30.0 31.2 8; 31.2 29.9 2
EH 27.2 -13.2
ER 15.3 38.9
ES 40.4 -3.7 5; 41.4 2.2 3; 37.4 -6.0 2
ET 9.0 38.8
FI 60.2 24.9
FJ -18.1 178.4
FK -51.7 -57.9
FM 6.9 158.2
FO 62.0 -6.8
FR 48.9 2.4 6; 45.8 4.8 2; 43.6 1.4 1; 43.3 5.4 1
GA 0.4 9.5
GB 51.5 -0.1 5; 53.5 -2.2 3; 52.5 -1.9 2; 55.9 -4.0 1
GD 12.1 -61.7
GE 41.7 44.8
GF 4.9 -52.3
GG 49.5 -2.5
GH 5.6 -0.2
GI 36.1 -5.4
GL 64.2 -51.7
GM 13.5 -16.6
GN 9.5 -13.7
GP 16.2 -61.5
GQ 3.8 8.8
GR 38.0 23.7 7; 40.6 22.9 3
GS -54.3 -36.5
GT 14.6 -90.5
GU 13.5 144.8
GW 11.9 -15.6
GY 6.8 -58.2
HK 22.3 114.2
HM -53.1 73.5
HN 14.1 -87.2
HR 45.8 16.0
HT 18.5 -72.3
HU 47.5 19.0
ID -6.2 106.8 60; -7.3 112.7 20; 3.6 98.7 12; -5.1 119.4 5; -1.3 116.8 3
IE 53.3 -6.3
IL 32.1 34.8
IM 54.2 -4.5
IN 19.1 72.9 24; 28.6 77.2 28; 13.0 77.6 16; 17.4 78.5 10; 13.1 80.3 12; 22.6 88.4 10
IO -7.3 72.4
IQ 33.3 44.4
IR 35.7 51.4
IS 64.1 -21.9
IT 45.5 9.2 5; 41.9 12.5 3; 40.9 14.3 2
JE 49.2 -2.1
JM 18.0 -76.8
JO 32.0 35.9
JP 35.7 139.7 6; 34.7 135.5 3; 33.6 130.4 1
KE -1.3 36.8
KG 42.9 74.6
KH 11.6 104.9
KI 1.3 173.0
KM -11.7 43.3
KN 17.3 -62.7
KP 39.0 125.8
KR 37.6 127.0 7; 35.2 129.1 3
KW 29.4 48.0
KY 19.3 -81.4
KZ 43.2 76.9 5; 51.2 71.4 3; 49.8 73.1 1; 47.1 51.9 1
LA 18.0 102.6
LB 33.9 35.5
LC 14.0 -61.0
LI 47.1 9.5
LK 6.9 79.9
LR 6.3 -10.8
LS -29.3 27.5
LT 54.7 25.3
LU 49.6 6.1
LV 56.9 24.1
LY 32.9 13.2
MA 33.6 -7.6
MC 43.7 7.4
MD 47.0 28.9
ME 42.4 19.3
MF 18.1 -63.1
MG -18.9 47.5
MH 7.1 171.4
MK 42.0 21.4
ML 12.6 -8.0
MM 16.8 96.2
MN 47.9 106.9
MO 22.2 113.5
MP 15.2 145.7
MQ 14.6 -61.1
MR 18.1 -16.0
MS 16.7 -62.2
MT 35.9 14.5
MU -20.2 57.5
MV 4.2 73.5
MW -14.0 33.8
MX 19.4 -99.1 55; 20.7 -103.3 15; 25.7 -100.3 15; 32.5 -117.0 6; 21.0 -89.6 5; 31.7 -106.4 4
MY 3.1 101.7 8; 1.6 110.3 1; 6.0 116.1 1
MZ -26.0 32.6
NA -22.6 17.1
NC -22.3 166.5
NE 13.5 2.1
NF -29.0 167.9
NG 6.5 3.4 7; 9.1 7.4 3
NI 12.1 -86.3
NL 52.4 4.9
NO 59.9 10.8 8; 60.4 5.3 2
NP 27.7 85.3
NR -0.5 166.9
NU -19.1 -169.9
NZ -36.8 174.8 6; -41.3 174.8 2; -43.5 172.6 2
OM 23.6 58.4
PA 9.0 -79.5
PE -12.0 -77.0
PF -17.5 -149.6
PG -9.4 147.2
PH 14.6 121.0 8; 10.3 123.9 1; 7.1 125.6 1
PK 24.9 67.0 4; 31.5 74.3 4; 33.7 73.1 2
PL 52.2 21.0 6; 50.3 19.0 4
PM 46.8 -56.2
PN -25.1 -130.1
PR 18.4 -66.1
PS 31.9 35.2
PT 38.7 -9.1 6; 41.1 -8.6 4
PW 7.3 134.5
PY -25.3 -57.6
QA 25.3 51.5
RE -20.9 55.5
RO 44.4 26.1 7; 46.8 23.6 3
RS 44.8 20.5
RU 55.8 37.6 48; 59.9 30.3 16; 56.8 60.6 12; 55.8 49.1 8; 55.0 82.9 9; 47.2 39.7 4; 43.1 131.9 3
RW -1.9 30.1
SA 24.7 46.7 5; 21.5 39.2 4; 26.4 50.1 2
SB -9.4 160.0
SC -4.6 55.5
SD 15.6 32.5
SE 59.3 18.1 6; 57.7 12.0 2; 55.6 13.0 2
SG 1.3 103.8
SH -15.9 -5.7
SI 46.1 14.5
SJ 78.2 15.6
SK 48.1 17.1
SL 8.5 -13.2
SM 43.9 12.4
SN 14.7 -17.4
SO 2.0 45.3
SR 5.8 -55.2
SS 4.9 31.6
ST 0.3 6.7
SV 13.7 -89.2
SX 18.0 -63.1
SY 33.5 36.3
SZ -26.3 31.1
TC 21.8 -72.2
TD 12.1 15.0
TF -49.4 70.2
TG 6.1 1.2
TH 13.8 100.5
TJ 38.6 68.8
TK -9.2 -171.8
TL -8.6 125.6
TM 37.9 58.4
TN 36.8 10.2
TO -21.1 -175.2
TR 41.0 29.0 6; 39.9 32.9 3; 38.4 27.1 2
TT 10.7 -61.5
TV -8.5 179.2
TW 25.0 121.6
TZ -6.8 39.3
UA 50.5 30.5 5; 48.5 35.0 3; 49.8 24.0 2; 46.5 30.7 1
UG 0.3 32.6
UM 28.2 -177.4
US 40.7 -74.0 22; 39.0 -77.5 13; 41.9 -87.6 17; 33.7 -84.4 11; 26.0 -80.2 6; 32.8 -96.8 13; 34.1 -118.2 13; 37.4 -122.0 5
UY -34.9 -56.2
UZ 41.3 69.3
VA 41.9 12.5
VC 13.2 -61.2
VE 10.5 -66.9
VG 18.4 -64.6
VI 18.3 -64.9
VN 10.8 106.7 5; 21.0 105.8 5
VU -17.7 168.3
WF -13.3 -176.2
WS -13.8 -171.8
XK 42.7 21.2
YE 15.4 44.2
YT -12.8 45.2
ZA -26.2 28.0 7; -33.9 18.4 2; -29.9 31.0 1
ZM -15.4 28.3
ZW -17.8 31.1
`;

const POINTS: ReadonlyMap<string, readonly WeightedPoint[]> = new Map(TABLE.trim().split('\n').map(readLine));

function readLine(line: string): readonly [string, readonly WeightedPoint[]] {
  const country = line.slice(0, 2);
  const rows = line
    .slice(3)
    .split(';')
    .map((point) => point.trim().split(' ').map(Number));
  const total = rows.reduce((sum, [, , share = 1]) => sum + share, 0);
  const points = rows.map(([latitude = 0, longitude = 0, share = 1]) =>
    Object.freeze({ latitude, longitude, country, weight: share / total }),
  );
  return [country, Object.freeze(points)];
}
