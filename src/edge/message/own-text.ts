/**
 * A copy of a text of one character a byte, in one piece. One that was put together is gathered by whoever reads it, each time; one that was cut out
 * keeps all of what it was cut from in memory, with whatever that says of somebody.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
