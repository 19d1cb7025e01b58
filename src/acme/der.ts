/**
 * The few shapes of DER (X.690) that certificates and requests for them are made of. The runtime reads certificates and writes none,
 * and what is written here is some hundred bytes of fixed form.
 */

/** SEQUENCE. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

/** SET OF; the parts have to come in the order of their bytes. */
export function setOf(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts);
}

/** OCTET STRING. */
export function octets(bytes: Buffer): Buffer {
  return tagged(0x04, bytes);
}

/** BIT STRING of whole bytes. */
export function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), bytes);
}

/** UTF8String. */
export function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

/** A number that is not negative, from its bytes. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const least = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  return tagged(0x02, (least[0] as number) > 127 ? Buffer.concat([Buffer.from([0]), least]) : least);
}

export const TRUE: Buffer = tagged(0x01, Buffer.from([255]));
export const NULL: Buffer = tagged(0x05);

/** GeneralizedTime, to the second. */
export function time(ms: number): Buffer {
  return tagged(0x18, Buffer.from(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
}

/** OBJECT IDENTIFIER, written with dots: `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 127];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

/** An element with any tag; its content has at most 65,535 bytes. */
export function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** One element of DER, read: what is in it, and where the next one begins. */
export type Element = { readonly tag: number; readonly content: Buffer; readonly end: number };

/** Undefined where there is no whole element. */
export function elementAt(bytes: Buffer, at: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 128 ? 0 : first & 127;
  if (more > 3 || at + 2 + more > bytes.length) return undefined;
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  const from = at + 2 + more;
  return from + length > bytes.length
    ? undefined
    : { tag, content: bytes.subarray(from, from + length), end: from + length };
}

/** The elements in a content, as far as they are whole. */
export function elementsIn(content: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const element = elementAt(content, at);
    if (element === undefined) break;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** DER in the text form that everybody passes around. */
export function pem(what: 'CERTIFICATE', der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`;
}
