/** Words longer than this are not compared: the work grows with the product of the lengths. */
const WORD_MAX = 64;

/** `; did you mean "x"?`, or nothing when no candidate is near enough for a typing error. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates, 1)[0];
  if (best === undefined) return '';
  return editDistance(plain(word), plain(best)) <= slipsAllowed(word) ? `; did you mean "${best}"?` : '';
}

/** The `count` candidates nearest to a word, best first; among equals, the order in which they were given. */
export function nearest(word: string, candidates: readonly string[], count: number): readonly string[] {
  const sought = plain(word);
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(sought, plain(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/**
 * How many letters must be inserted, removed, replaced or swapped with their neighbour to turn one word into another
 * (the "optimal string alignment" distance). Words are cut at 64 letters.
 */
export function editDistance(left: string, right: string): number {
  const a = left.slice(0, WORD_MAX);
  const b = right.slice(0, WORD_MAX);
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = cell(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replaced, cell(above, column) + 1, cell(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, cell(twoAbove, column - 2) + 1);
      current.push(least);
    }
    twoAbove = above;
    above = current;
  }
  return cell(above, b.length);
}

/** `keepAlive`, `keep-alive` and `Keep Alive` are all `keep_alive` to a reader, so they are to us. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '');
}

function slipsAllowed(word: string): number {
  return Math.max(1, Math.floor(plain(word).length / 3));
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
