import { FIELD_OVERHEAD_BYTES } from './field.ts';
import { STATIC_NAMES, staticIndexOf } from './static-table.ts';

/**
 * How a field is sent: from the tables, and put into the peer's where it is not; without a place in them, since its next value will be
 * another one; or so that nobody on the way puts it into a table either, since whoever can guess what is compressed beside it could find
 * it out letter by letter (RFC 7541 §7.1.3).
 */
export type Indexing = 'indexed' | 'literal' | 'never';

/** Fields larger than this are not worth the place that they take of others. */
export const INDEXED_BYTES_MAX = 512;

/** A field to be sent. Whoever sends the same field again gives the same object, by which tables know it. */
export class OutField {
  /** In lower case; one character a byte, as the value. */
  readonly name: string;
  readonly value: string;
  readonly indexing: Indexing;
  /** Where it is in the static table, as a whole and by its name; 0 where it is not. */
  readonly staticIndex: number;
  readonly staticName: number;
  readonly bytes: number;

  /** `like`: another one of its name that `isChanging`, for which nothing has to be looked up. */
  constructor(name: string, value: string, like?: OutField) {
    this.name = name;
    this.value = value;
    this.indexing = like === undefined ? indexingOf(name, value) : like.indexing;
    this.staticName = like === undefined ? (STATIC_NAMES.get(name) ?? 0) : like.staticName;
    this.staticIndex = this.staticName === 0 || like !== undefined ? 0 : staticIndexOf(name, value);
    this.bytes = name.length + value.length + FIELD_OVERHEAD_BYTES;
  }

  /** The same field, one that `isChanging`, with another value, which is not empty. */
  with(value: string): OutField {
    return new OutField(this.name, value, this);
  }
}

/** Whether the next value of a field will be another one, as its name says, and is sent like this one. */
export function isChanging(name: string): boolean {
  return name !== PATH && (SECRET.has(name) || CHANGING.has(name));
}

/** How a field is best sent, by its name: what is different each time would only push others out of the tables. */
function indexingOf(name: string, value: string): Indexing {
  if (SECRET.has(name)) return 'never';
  const changes = CHANGING.has(name) || name.length + value.length + FIELD_OVERHEAD_BYTES > INDEXED_BYTES_MAX;
  return changes ? 'literal' : 'indexed';
}

/** One connection to an endpoint carries the requests of many clients: what one of them is known by stays out of the tables. */
const SECRET: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'set-cookie']);
const PATH = ':path';
const CHANGING: ReadonlySet<string> = new Set([
  PATH,
  'age',
  'content-length',
  'content-range',
  'etag',
  'grpc-message',
  'grpc-timeout',
  'if-modified-since',
  'if-none-match',
  'last-modified',
  'location',
  'range',
  'server-timing',
  'traceparent',
  'x-forwarded-for',
  'x-meridian-decision',
  'x-request-id',
]);
