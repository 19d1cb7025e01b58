const SPACE = 0x20;
const TAB = 0x09;

/** Whether a character, by its code, is the optional whitespace of fields: a space or a tab (RFC 9110 section 5.6.3). */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
