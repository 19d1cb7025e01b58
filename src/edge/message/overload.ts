const RETRY_AFTER_LINE = /^retry-after:[ \t]*([^\r\n]*?)[ \t]*\r?$/im;
const DATE_LINE = /^date:[ \t]*([^\r\n]*?)[ \t]*\r?$/im;

/** Whether an answer with this status may say that its endpoint is well and has no room: 503 (RFC 9110 §15.6.4) and 429 (RFC 6585 §4). */
export function mayRefuse(status: number): boolean {
  return status === 503 || status === 429;
}

/**
 * How long such an answer asks to be left alone, in ms, by its `Retry-After` (RFC 9110 §10.2.3); undefined where it has none. `lines` are the
 * fields as they came, each with its line end. A date counts from the answer's own `Date`, so that no two clocks are compared; one
 * that has no sense, or has passed, is no time at all.
 */
export function retryAfterMs(lines: string): number | undefined {
  const said = RETRY_AFTER_LINE.exec(lines)?.[1];
  if (said === undefined) return undefined;
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1000;
  const ms = Date.parse(said) - Date.parse(DATE_LINE.exec(lines)?.[1] ?? '');
  return ms > 0 ? ms : 0;
}
