import type { LocalSettings } from '../frames/settings.ts';

/** What one client connection of HTTP/2 may have, and how long it may take. */

/** Requests that may be under way at once. */
export const STREAMS_MAX = 128;
/** Bytes of a body that may be under way to us on one stream, and of all bodies on one connection. */
export const STREAM_WINDOW_BYTES = 256 * 1024;
export const CONNECTION_WINDOW_BYTES = 1024 * 1024;
/** A header list above this is answered with 431; RFC 9113 counts 32 bytes for each field beside its letters. */
export const HEADER_LIST_BYTES_MAX = 64 * 1024;
/** One above this ends the connection: what a few bytes can repeat is no request. */
export const HEADER_LIST_BYTES_HARD_MAX = 256 * 1024;
/** Bytes that wait to be written to a client that takes nothing; a client that has us say more than that is cut off. */
export const OUTPUT_BYTES_MAX = 1024 * 1024;
/** A client has to acknowledge our settings within this time. */
export const SETTINGS_ACK_MS = 10_000;
/** Calls that a thread keeps for further streams. */
export const SPARE_CALLS_MAX = 1024;

/** What each client is told of them. */
export const SETTINGS: LocalSettings = {
  role: 'server',
  streamsMax: STREAMS_MAX,
  streamWindowBytes: STREAM_WINDOW_BYTES,
  connectionWindowBytes: CONNECTION_WINDOW_BYTES,
  headerListBytesMax: HEADER_LIST_BYTES_MAX,
  headerListBytesHardMax: HEADER_LIST_BYTES_HARD_MAX,
  connectProtocol: true,
};
