/**
 * A line of logfmt (`key=value key="a value"`) from the fields of a JSON line. What lies inside others has their keys before its own, with
 * dots: `labels.service=shop problems.0="…"`.
 */
export function logfmtOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => pairsOf(key, value))
    .filter((pairs) => pairs !== '')
    .join(' ');
}

/** A value as logfmt has it: as it stands, or in quotes as JSON has it. */
export function logfmtText(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}

/** Printable ASCII without blanks, quotes, backslashes and equals signs. */
const BARE = /^[!#-<>-[\]-~]+$/;

function pairsOf(key: string, value: unknown): string {
  if (typeof value === 'string') return `${key}=${logfmtText(value)}`;
  if (typeof value !== 'object' || value === null) return `${key}=${String(value)}`;
  return Object.entries(value)
    .map(([inner, one]) => pairsOf(`${key}.${inner}`, one))
    .join(' ');
}
