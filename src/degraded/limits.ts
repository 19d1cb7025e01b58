/**
 * Bytes that one edge thread may hold of answers on their way, over all services with a ladder: what is being kept while
 * it passes, what refreshes a copy after its client was served, and failures that are held back while something better
 * is looked for.
 */
export const PASSING_BYTES_MAX = 64 * 1024 * 1024;
