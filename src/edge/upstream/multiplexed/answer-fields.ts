import { STATUS_CODES } from 'node:http';
import { type Field, isConnectionSpecific, NO_PSEUDO, STATUS } from '../../frames/hpack/field.ts';
import type { FieldList } from '../../frames/hpack/field-list.ts';
import { CONTENT_LENGTH, DATE, goesInTrailers, goesToClient, ORDINARY, TRAILER } from '../../message/field-kind.ts';
import { isGrpc } from '../../message/grpc-status.ts';
import { ownText } from '../../message/own-text.ts';
import { type ResponseHead, UNTIL_CLOSE } from '../../message/response-head.ts';

/**
 * Reads the head of an answer, as the fields of HTTP/2 say it, into what the rest of the house knows: lines that could have come by HTTP/1.1.
 * Returns what is wrong with it (RFC 9113 §8.1.1 and §8.3.2), or nothing.
 */
export function readAnswerFields({ fields, known }: FieldList, head: ResponseHead): string {
  const before = known?.meaning;
  if (before instanceof AnswerSaid) before.into(head);
  else {
    const problem = readFields(fields, head);
    if (problem !== '') return problem;
    if (known !== undefined) known.meaning = new AnswerSaid(head);
  }
  return '';
}

/** What the fields of an answer say, where they come again. */
class AnswerSaid {
  readonly #status: number;
  readonly #length: number;
  readonly #lines: string;
  readonly #dated: boolean;
  readonly #grpc: boolean;

  constructor({ status, length, lines, dated, grpc }: ResponseHead) {
    this.#status = status;
    this.#length = length;
    this.#lines = ownText(lines);
    this.#dated = dated;
    this.#grpc = grpc;
  }

  into(head: ResponseHead): void {
    begin(head, this.#status);
    head.length = this.#length;
    head.lines = this.#lines;
    head.dated = this.#dated;
    head.grpc = this.#grpc;
  }
}

function readFields(fields: readonly Field[], head: ResponseHead): string {
  const status = statusOf(fields[0]);
  if (status === 0) return 'its head has no valid status';
  if (status === 101) return 'it switches protocols where that cannot be';
  begin(head, status);
  const bodiless = status < 200 || status === 204;
  let lines = '';
  for (let i = 1; i < fields.length; i += 1) {
    const field = fields[i] as Field;
    const { kind } = field.name;
    if (!mayStand(field)) return UNSOUND;
    if (kind === CONTENT_LENGTH) {
      if (!readLength(field.value, head)) return 'its lengths are not valid, or contradict each other';
      if (bodiless || lines.includes(field.line)) continue;
    } else note(field, head);
    // Trailers can be sent behind a body without a length, which goes to clients in chunks.
    if (goesToClient(kind) || (kind === TRAILER && !bodiless && status !== 304)) lines += field.line;
  }
  head.lines = lines;
  return '';
}

/** The fields behind a body that may go on, as lines; undefined when they are none. */
export function trailerLines({ fields, known }: FieldList): string | undefined {
  if (typeof known?.meaning === 'string') return known.meaning;
  const lines = readTrailers(fields);
  if (known !== undefined && lines !== undefined) known.meaning = ownText(lines);
  return lines;
}

function readTrailers(fields: readonly Field[]): string | undefined {
  let lines = '';
  for (const field of fields) {
    if (!mayStand(field)) return undefined;
    if (goesInTrailers(field.name.kind)) lines += field.line;
  }
  return lines;
}

/** A head is all that came: HTTP/1.1 has to say that there is no body. False when it says that there is one. */
export function saysNoBody(head: ResponseHead): boolean {
  if (head.length === UNTIL_CLOSE) {
    head.length = 0;
    head.lines += 'content-length: 0\r\n';
  }
  return head.length === 0;
}

/** 0 when it is none. */
function statusOf(first: Field | undefined): number {
  return first?.name.pseudo === STATUS && /^[1-9]\d\d$/.test(first.value) ? Number(first.value) : 0;
}

function mayStand({ sound, name }: Field): boolean {
  return sound && name.pseudo === NO_PSEUDO && !isConnectionSpecific(name);
}

function begin(head: ResponseHead, status: number): void {
  head.status = status;
  head.reason = STATUS_CODES[status] ?? '';
  head.length = UNTIL_CLOSE;
  head.keepAlive = true;
  head.keepAliveMs = 0;
  head.dated = false;
  head.upgrade = '';
  head.grpc = false;
}

/** What this edge wants to know of a field that goes on. */
function note({ name, value }: Field, head: ResponseHead): void {
  if (name.kind === DATE) head.dated = true;
  else if (name.kind === ORDINARY && name.text === 'content-type') head.grpc = isGrpc(value);
}

function readLength(value: string, head: ResponseHead): boolean {
  if (!/^\d{1,15}$/.test(value)) return false;
  const length = Number(value);
  if (head.length !== UNTIL_CLOSE && head.length !== length) return false;
  head.length = length;
  return true;
}

const UNSOUND = 'its head has a field that HTTP/2 does not allow';
