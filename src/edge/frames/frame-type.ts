/** Types of frames (RFC 9113 §6). Others are passed over, as §5.5 says. */
export const DATA = 0x0;
export const HEADERS = 0x1;
export const PRIORITY = 0x2;
export const RST_STREAM = 0x3;
export const SETTINGS = 0x4;
export const PUSH_PROMISE = 0x5;
export const PING = 0x6;
export const GOAWAY = 0x7;
export const WINDOW_UPDATE = 0x8;
export const CONTINUATION = 0x9;

/** Flags of frames. ACK is the END_STREAM of SETTINGS and PING. */
export const ACK = 0x1;
export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const HAS_PRIORITY = 0x20;

/** Bytes of a frame before its payload: length, type, flags, stream. */
export const FRAME_HEAD_BYTES = 9;
/** Bytes of a payload at most, until a peer says that it takes more, and the most that it may say. */
export const FRAME_BYTES = 16 * 1024;
export const FRAME_BYTES_MAX = 2 ** 24 - 1;
/** Bytes that may be under way in the beginning, on a stream and on a connection, and at most. */
export const WINDOW_BYTES = 65_535;
export const WINDOW_BYTES_MAX = 2 ** 31 - 1;
export const STREAM_ID_MAX = 2 ** 31 - 1;

/** What a client says first of all (RFC 9113 §3.4). */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
