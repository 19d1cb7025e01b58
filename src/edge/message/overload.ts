const SERVICE_UNAVAILABLE = 503;
const RETRY_AFTER_LINE = /^retry-after:/im;

/**
 * Whether an answer says that its endpoint is well and has no room: 503 with `Retry-After` (RFC 9110 §15.6.4). `lines` are the
 * fields as they came, each with its line end.
 */
export function isOverload(status: number, lines: string): boolean {
  return status === SERVICE_UNAVAILABLE && RETRY_AFTER_LINE.test(lines);
}
