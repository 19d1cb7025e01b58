import { type Kind, mustBe, right, wrong } from './kind.ts';

const UNIT_BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const PATTERN = /^(\d+)(B|KiB|MiB|GiB)$/;

/** Bytes of `512B`, `64KiB`, `1MiB`, `2GiB`; undefined when it is not a size. Units are powers of 1024 only. */
export function parseSize(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const bytes = Number(match[1]) * (UNIT_BYTES[match[2] ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A number of bytes as people read it: in the largest unit that it is a whole number of, `8 MiB`. */
export function sizeText(bytes: number): string {
  const [unit, of] = Object.entries(UNIT_BYTES).findLast(([, one]) => bytes % one === 0 && bytes >= one) ?? ['B', 1];
  return `${bytes / of} ${unit}`;
}

/** A number of bytes from 0 up to `max`, which is written as in the file. */
export function size(max: string): Kind<number> {
  const bytesMax = parseSize(max) ?? 0;
  const expected = `a size such as 512B, 64KiB or 1MiB (at most ${max})`;
  return {
    expected,
    json: { anyOf: [{ type: 'string', pattern: PATTERN.source }, { const: 0 }] },
    read(value) {
      // Nothing is nothing in every unit.
      if (value === 0) return right(0);
      const bytes = typeof value === 'string' ? parseSize(value) : undefined;
      if (bytes === undefined) return wrong(mustBe(expected, value) + hint(value));
      return bytes <= bytesMax ? right(bytes) : wrong(`must be at most ${max}; it is ${String(value)}`);
    },
  };
}

/** People write `64k` or `64KB`, and mean 64 KiB or do not care. */
function hint(value: unknown): string {
  if (typeof value === 'number') return `; say in which unit, as in ${value}B`;
  const loose = typeof value === 'string' ? /^(\d+)\s*([kmg])i?b?$/i.exec(value) : null;
  return loose === null ? '' : `; did you mean "${loose[1]}${loose[2]?.toUpperCase()}iB"?`;
}
