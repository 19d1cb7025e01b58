/**
 * How long a connection that this edge closes is read on. The client may be in the middle of sending: if its bytes met a closed socket, the
 * kernel would answer with a reset, and the client would lose the answer that it has not read yet (RFC 9112 §9.6). What it sends is not looked at.
 */

/** A closed connection is let go of when its client has been silent for this long. */
export const LINGER_MS = 2000;
/** No longer than this in all, */
export const LINGER_TOTAL_MS = 30_000;
/** and for no more than so many bytes. */
export const LINGER_BYTES_MAX = 256 * 1024 * 1024;
