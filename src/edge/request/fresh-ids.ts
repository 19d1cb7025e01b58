import { randomFillSync } from 'node:crypto';

/** Ids that are written together. Who keeps one keeps the text of all of them. */
const BATCH = 32;
const UUID_CHARS = 36;
const HYPHEN = 0x2d;
const DIGITS = Buffer.from('0123456789abcdef');
/** Where the two digits of each of the 16 bytes of an id are in a UUID (RFC 9562 §4): a hyphen stands behind each group. */
const UUID_AT = Uint8Array.from(
  { length: 16 },
  (_, byte) => byte * 2 + [4, 6, 8, 10].filter((at) => at <= byte).length,
);

/** A trace, its parent, and that it is sampled: endpoints that do what their parent did would otherwise record nothing at all. */
const TRACEPARENT = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`;
const TRACEPARENT_CHARS = TRACEPARENT.length;
const TRACE_AT = 3;
const PARENT_AT = 36;

/** Bytes of chance, asked for in one go for many batches. */
const chance = Buffer.alloc(16 * BATCH * 8);
let chanceAt = chance.length;

const uuids = Buffer.alloc(UUID_CHARS * BATCH, HYPHEN);
const traceparents = Buffer.from(TRACEPARENT.repeat(BATCH));
let uuidsText = '';
let traceparentsText = '';
let next = BATCH;
let last = '';

/**
 * A random UUID (version 4), as `randomUUID` gives it. That one puts each together from twenty strings, and whoever writes it to a
 * socket pays for them once more; here an id is a piece of a text that is ready.
 */
export function freshId(): string {
  if (next === BATCH) writeBatch();
  last = uuidsText.slice(next * UUID_CHARS, (next + 1) * UUID_CHARS);
  next += 1;
  return last;
}

/** The `traceparent` of the trace that begins with a UUID: its digits, with the first and last eight of them as the parent. */
export function traceparentFrom(id: string): string {
  if (id === last) return traceparentsText.slice((next - 1) * TRACEPARENT_CHARS, next * TRACEPARENT_CHARS);
  const trace = id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);
  return `00-${trace}-${trace.slice(0, 8)}${trace.slice(24)}-01`;
}

function writeBatch(): void {
  if (chanceAt === chance.length) {
    randomFillSync(chance);
    chanceAt = 0;
  }
  for (let one = 0; one < BATCH; one += 1, chanceAt += 16) writeOne(one * UUID_CHARS, one * TRACEPARENT_CHARS);
  uuidsText = uuids.toString('latin1');
  traceparentsText = traceparents.toString('latin1');
  next = 0;
}

function writeOne(uuidAt: number, traceparentAt: number): void {
  // Random, but for the version and the variant (RFC 9562 §5.4).
  chance[chanceAt + 6] = ((chance[chanceAt + 6] as number) & 0x0f) | 0x40;
  chance[chanceAt + 8] = ((chance[chanceAt + 8] as number) & 0x3f) | 0x80;
  for (let i = 0; i < 16; i += 1) {
    const byte = chance[chanceAt + i] as number;
    const first = DIGITS[byte >> 4] as number;
    const second = DIGITS[byte & 0x0f] as number;
    const uuid = uuidAt + (UUID_AT[i] as number);
    const trace = traceparentAt + TRACE_AT + i * 2;
    uuids[uuid] = first;
    uuids[uuid + 1] = second;
    traceparents[trace] = first;
    traceparents[trace + 1] = second;
    if (i >= 4 && i < 12) continue;
    const parent = traceparentAt + PARENT_AT + (i < 4 ? i : i - 8) * 2;
    traceparents[parent] = first;
    traceparents[parent + 1] = second;
  }
}
