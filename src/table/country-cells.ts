/** Requests by the country of the client: one cell for each pair of letters (ISO 3166-1 alpha-2), and a last one for unknown. */
export const COUNTRY_CELLS = 26 * 26 + 1;
export const UNKNOWN_COUNTRY = COUNTRY_CELLS - 1;

/** The cell of a country; that of the unknown for anything but two capital letters. */
export function countryCell(country: string): number {
  if (country.length !== 2) return UNKNOWN_COUNTRY;
  const first = country.charCodeAt(0) - A;
  const second = country.charCodeAt(1) - A;
  if (first < 0 || first >= 26 || second < 0 || second >= 26) return UNKNOWN_COUNTRY;
  return first * 26 + second;
}

/** The country of a cell; empty for the unknown. */
export function countryOf(cell: number): string {
  return cell === UNKNOWN_COUNTRY ? '' : String.fromCharCode(A + Math.floor(cell / 26), A + (cell % 26));
}

const A = 65;
