import { type Kind, mustBe, type Read, right, wrong } from './kind.ts';

const RANGES_MAX = 32;
const EXPECTED = 'statuses such as 200, 200-399 or 200-299,404';

type StatusRange = readonly [number, number];

/** HTTP statuses from 100 to 599: one, a range, several with commas, or a list of these; ends are included. */
export const statusRanges: Kind<readonly StatusRange[]> = {
  expected: EXPECTED,
  json: {
    anyOf: [
      { type: 'integer', minimum: 100, maximum: 599 },
      { type: 'string', pattern: '^[1-5]\\d\\d(-[1-5]\\d\\d)?(, *[1-5]\\d\\d(-[1-5]\\d\\d)?)*$' },
      { type: 'array', minItems: 1, maxItems: RANGES_MAX, items: { type: ['integer', 'string'] } },
    ],
  },
  read(value) {
    const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
    if (parts.length === 0 || parts.length > RANGES_MAX) return wrong(`must be 1 to ${RANGES_MAX} ranges of statuses`);
    const reads = parts.map(readRange);
    const faults = reads.flatMap((read, index) =>
      read.ok ? [] : read.faults.map((fault) => ({ ...fault, path: Array.isArray(value) ? [index] : [] })),
    );
    return faults.length > 0 ? { ok: false, faults } : right(reads.flatMap((read) => (read.ok ? [read.value] : [])));
  },
};

function readRange(part: unknown): Read<StatusRange> {
  const match = /^\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*$/.exec(typeof part === 'number' ? String(part) : toText(part));
  if (match === null) return wrong(mustBe(EXPECTED, part));
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  if (low < 100 || high > 599) return wrong(`must be statuses from 100 to 599; ${low}-${high} is outside`);
  return low <= high ? right([low, high]) : wrong(`has the range ${low}-${high}; write it as ${high}-${low}`);
}

function toText(part: unknown): string {
  return typeof part === 'string' ? part : '';
}
