import { ANSWER_HEAD_BYTES_MAX } from '../../../table/answer-limits.ts';
import type { LocalSettings } from '../../frames/settings.ts';

/** What is offered over TLS to endpoints of each protocol, the most wanted first. */
export const ALPN: Readonly<Record<string, readonly string[]>> = { auto: ['h2', 'http/1.1'], h2: ['h2'] };
/** Connections of a thread to one endpoint that carry its WebSockets, each up to `STREAMS_MAX` of them. */
export const TUNNEL_CONNECTIONS_MAX = 64;
/** An endpoint that takes no WebSockets by HTTP/2 is asked again after this long. */
export const ASK_AGAIN_MS = 60_000;
/** Requests at once on one connection, of as many as the endpoint takes. */
export const STREAMS_MAX = 128;
/** Bytes that may be under way to us on one stream; all streams of a connection may wait with so many, and it still moves. */
export const STREAM_WINDOW_BYTES = 128 * 1024;
export const CONNECTION_WINDOW_BYTES = STREAMS_MAX * STREAM_WINDOW_BYTES;
/** A connection without requests is closed after this long. */
export const IDLE_MS = 60_000;
/** An endpoint has so long to acknowledge our settings (RFC 9113 §6.5.3). */
export const SETTINGS_ACK_MS = 10_000;
/** A connection that this side ends has so long to take what is still to be written. */
export const FAREWELL_MS = 1000;
/** One that is suspected to be dead has so long to answer to a PING. */
export const PING_MS = 2000;

/** What this edge says of itself to endpoints. */
export const OWN_SETTINGS: LocalSettings = {
  role: 'client',
  streamsMax: 0,
  streamWindowBytes: STREAM_WINDOW_BYTES,
  connectionWindowBytes: CONNECTION_WINDOW_BYTES,
  headerListBytesMax: ANSWER_HEAD_BYTES_MAX,
  headerListBytesHardMax: 8 * ANSWER_HEAD_BYTES_MAX,
  connectProtocol: false,
};
