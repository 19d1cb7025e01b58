/** Once one side has ended, the other may go on for this long without a byte. */
export const HALF_OPEN_MS = 30_000;
/** A side that is told that this edge goes away has so long to answer, and to end the frame that it is in the middle of. */
export const CLOSE_ANSWER_MS = 1000;
