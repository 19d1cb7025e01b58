import { FRAME_SIZE_ERROR, NO_ERROR, PROTOCOL_ERROR } from './error-code.ts';
import {
  ACK,
  CONTINUATION,
  DATA,
  FRAME_BYTES,
  GOAWAY,
  HEADERS,
  PING,
  PRIORITY,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame-type.ts';

type Rule = {
  /** Whether it is about a stream or about the connection. */
  readonly about: 'stream' | 'connection' | 'either';
  /** Bytes of its payload: so many, at least so many, or a multiple of so many. */
  readonly length?: number;
  readonly how?: 'at least' | 'multiple';
};

/** RFC 9113 §6, by type. */
const RULES: readonly Rule[] = rules([
  [DATA, { about: 'stream' }],
  [HEADERS, { about: 'stream' }],
  [PRIORITY, { about: 'stream', length: 5 }],
  [RST_STREAM, { about: 'stream', length: 4 }],
  [SETTINGS, { about: 'connection', length: 6, how: 'multiple' }],
  [PUSH_PROMISE, { about: 'stream', length: 4, how: 'at least' }],
  [PING, { about: 'connection', length: 8 }],
  [GOAWAY, { about: 'connection', length: 8, how: 'at least' }],
  [WINDOW_UPDATE, { about: 'either', length: 4 }],
  [CONTINUATION, { about: 'stream' }],
]);

/** What is wrong with the head of a frame, whatever has come before it: an error code of the connection's. */
export function frameProblem(frame: { type: number; flags: number; streamId: number; length: number }): number {
  const { type, flags, streamId, length } = frame;
  if (length > FRAME_BYTES) return FRAME_SIZE_ERROR;
  const rule = RULES[type];
  if (rule === undefined) return NO_ERROR;
  if (rule.about !== 'either' && (streamId !== 0) !== (rule.about === 'stream')) return PROTOCOL_ERROR;
  if (type === SETTINGS && (flags & ACK) !== 0 && length > 0) return FRAME_SIZE_ERROR;
  return isOfLength(rule, length) ? NO_ERROR : FRAME_SIZE_ERROR;
}

function isOfLength({ length, how }: Rule, bytes: number): boolean {
  if (length === undefined) return true;
  if (how === 'multiple') return bytes % length === 0;
  return how === 'at least' ? bytes >= length : bytes === length;
}

function rules(rows: readonly (readonly [number, Rule])[]): Rule[] {
  const list: Rule[] = [];
  for (const [type, rule] of rows) list[type] = rule;
  return list;
}
