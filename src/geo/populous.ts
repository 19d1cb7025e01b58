/**
 * Countries with many people who use the Internet, the most first, for whoever has to name a few of many: those of ten million and more, as
 * bench/world/data has them.
 */
export const POPULOUS: readonly string[] = (
  'CN IN US ID BR RU JP MX NG PH EG PK VN DE BD TR IR GB TH FR IT KR ZA ES CO AR CA SA IQ MA DZ PL MY UA UZ PE AU GH ET KE NP VE ' +
  'KZ CL NL RO TW LK BE SE AE'
).split(' ');
