import { FLOW_CONTROL_ERROR, NO_ERROR, PROTOCOL_ERROR } from './error-code.ts';
import { FRAME_BYTES, FRAME_BYTES_MAX, WINDOW_BYTES, WINDOW_BYTES_MAX } from './frame-type.ts';

/** Identifiers of settings (RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1). */
export const HEADER_TABLE_SIZE = 0x1;
export const ENABLE_PUSH = 0x2;
export const MAX_CONCURRENT_STREAMS = 0x3;
export const INITIAL_WINDOW_SIZE = 0x4;
export const MAX_FRAME_SIZE = 0x5;
export const MAX_HEADER_LIST_SIZE = 0x6;
export const ENABLE_CONNECT_PROTOCOL = 0x8;
export const NO_RFC7540_PRIORITIES = 0x9;

export type Role = 'server' | 'client';

/** What this side says of itself, and holds the peer to. Frames and tables have the sizes that the protocol begins with. */
export type LocalSettings = {
  readonly role: Role;
  /** Streams that the peer may have open at once. */
  readonly streamsMax: number;
  /** Bytes that may be under way to us on a stream, and on the whole connection. */
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
  /** Header lists above this are handed on without their fields; those above the second end the connection. */
  readonly headerListBytesMax: number;
  readonly headerListBytesHardMax: number;
  /** Whether a client may ask for WebSockets and the like (RFC 8441). */
  readonly connectProtocol: boolean;
};

/** What they say on the connection: identifiers and values alternating. */
export function settingsPairs(own: LocalSettings): number[] {
  const pairs = [INITIAL_WINDOW_SIZE, own.streamWindowBytes, MAX_HEADER_LIST_SIZE, own.headerListBytesMax];
  if (own.role === 'client') return [ENABLE_PUSH, 0, ...pairs];
  pairs.push(MAX_CONCURRENT_STREAMS, own.streamsMax, NO_RFC7540_PRIORITIES, 1);
  if (own.connectProtocol) pairs.push(ENABLE_CONNECT_PROTOCOL, 1);
  return pairs;
}

/** What the peer has said of itself so far. */
export class PeerSettings {
  streamsMax = Number.POSITIVE_INFINITY;
  windowBytes = WINDOW_BYTES;
  frameBytes = FRAME_BYTES;
  headerListBytesMax = Number.POSITIVE_INFINITY;
  connectProtocol = false;
  /** Whether it has said anything of itself. */
  said = false;
  /** Sizes of its table in the frame that was last read, the smallest and the last; -1 when it said nothing of it. */
  tableBytesMin = -1;
  tableBytes = -1;
  readonly #from: Role;

  /** `from` is the peer's role. */
  constructor(from: Role) {
    this.#from = from;
  }

  /** Takes a SETTINGS frame; returns an error code. */
  take(bytes: Buffer, from: number, to: number): number {
    this.said = true;
    this.tableBytesMin = -1;
    this.tableBytes = -1;
    for (let at = from; at < to; at += 6) {
      const code = this.#one(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
      if (code !== NO_ERROR) return code;
    }
    return NO_ERROR;
  }

  #one(id: number, value: number): number {
    const problem = settingProblem(id, value, this.#from);
    if (problem !== NO_ERROR) return problem;
    if (id === HEADER_TABLE_SIZE) {
      this.tableBytesMin = this.tableBytesMin === -1 ? value : Math.min(this.tableBytesMin, value);
      this.tableBytes = value;
    } else if (id === MAX_CONCURRENT_STREAMS) this.streamsMax = value;
    else if (id === INITIAL_WINDOW_SIZE) this.windowBytes = value;
    else if (id === MAX_FRAME_SIZE) this.frameBytes = value;
    else if (id === MAX_HEADER_LIST_SIZE) this.headerListBytesMax = value;
    else if (id === ENABLE_CONNECT_PROTOCOL) {
      // Once said, it holds (RFC 8441 §3).
      if (value === 0 && this.connectProtocol) return PROTOCOL_ERROR;
      this.connectProtocol = value === 1;
    }
    return NO_ERROR;
  }
}

/** What is wrong with a value that a peer of this role gives a setting: an error code. */
function settingProblem(id: number, value: number, from: Role): number {
  switch (id) {
    case ENABLE_PUSH:
      return value > 1 || (value === 1 && from === 'server') ? PROTOCOL_ERROR : NO_ERROR;
    case INITIAL_WINDOW_SIZE:
      return value > WINDOW_BYTES_MAX ? FLOW_CONTROL_ERROR : NO_ERROR;
    case MAX_FRAME_SIZE:
      return value < FRAME_BYTES || value > FRAME_BYTES_MAX ? PROTOCOL_ERROR : NO_ERROR;
    case ENABLE_CONNECT_PROTOCOL:
    case NO_RFC7540_PRIORITIES:
      return value > 1 ? PROTOCOL_ERROR : NO_ERROR;
    default:
      return NO_ERROR;
  }
}
