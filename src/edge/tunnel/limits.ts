/** Once one side has ended, the other may go on for this long without a byte. */
export const HALF_OPEN_MS = 30_000;
/** A stream on which this edge has said its last waits so long for the other side's, before it is reset. */
export const STREAM_LINGER_MS = 2000;
/** A side that gets a Close, since this edge goes away, has so long to answer it, and to end the frame that it is in the middle of. */
export const CLOSE_ANSWER_MS = 1000;
