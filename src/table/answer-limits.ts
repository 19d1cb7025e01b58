/** An answer's head larger than this is not passed on, whether an endpoint or a fallback backend sent it; its fields are not counted. */
export const ANSWER_HEAD_BYTES_MAX = 64 * 1024;
