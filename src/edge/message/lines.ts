import { wallClockMs } from '../../table/system-clock.ts';

/** Header lines, each with its CRLF, of names and values alternating. */
export function linesOf(headers: readonly string[]): string {
  let lines = '';
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return lines;
}

let dateText = '';
let dateUntilMs = 0;

/** RFC 9110 §6.6.1: an answer without a Date gets one. Made anew once a second. */
export function dateLine(): string {
  const nowMs = wallClockMs();
  if (nowMs >= dateUntilMs || nowMs < dateUntilMs - 1000) {
    dateText = `Date: ${new Date(nowMs).toUTCString()}\r\n`;
    dateUntilMs = nowMs - (nowMs % 1000) + 1000;
  }
  return dateText;
}
