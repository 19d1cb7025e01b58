/** What JSON cannot have in a string as it is: quotes, backslashes, control characters, and surrogates, which may be alone. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON: what `JSON.stringify` makes of it, at less than its cost where nothing has to be escaped. */
export function jsonText(text: string): string {
  return UNSAFE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/**
 * A number as JSON, rounded to `places` decimals: what `JSON.stringify(Math.round(value * 10 ** places) / 10 ** places)` makes of
 * it. Integers are put together from digits that are ready, which costs a tenth of finding the shortest text of a fraction.
 */
export function jsonNumber(value: number, places: 3 | 4): string {
  const per = places === 3 ? 1000 : 10_000;
  const scaled = Math.round(value * per);
  if (!(scaled >= 0 && scaled < INTEGERS_MAX)) return JSON.stringify(scaled / per);
  const whole = Math.floor(scaled / per);
  const rest = scaled - whole * per;
  return rest === 0 ? String(whole) : `${whole}.${places === 3 ? thousandths(rest) : tenThousandths(rest)}`;
}

/** From here on a fraction may not be what its digits say. */
const INTEGERS_MAX = 1e9;

/** The digits of 0 to 99: two of each, and without zeros at the end. */
const TWO = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
const TRIMMED = TWO.map((digits) => digits.replace(/0+$/, ''));

function thousandths(rest: number): string {
  const tens = Math.floor(rest / 10);
  const last = rest - tens * 10;
  return last === 0 ? (TRIMMED[tens] as string) : `${TWO[tens]}${last}`;
}

function tenThousandths(rest: number): string {
  const hundreds = Math.floor(rest / 100);
  const last = rest - hundreds * 100;
  return last === 0 ? (TRIMMED[hundreds] as string) : `${TWO[hundreds]}${TRIMMED[last]}`;
}
