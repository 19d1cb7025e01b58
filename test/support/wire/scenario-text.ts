import type { TextFraming } from './text-reader.ts';

/**
 * What the HTTP/1.1 text of a scenario means, so that the same can be said in HTTP/2. It is not judged as a server would judge it: what only exists
 * in the text of HTTP/1.1 is no message here, and throws.
 */
export class NotInHttp2 extends Error {}

export type TextField = readonly [name: string, value: string];

export function fieldOf(line: string): TextField {
  const colon = line.indexOf(':');
  if (colon < 1) throw new NotInHttp2(`a line ${JSON.stringify(line.slice(0, 40))}`);
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '')];
}

/** The bytes of the chunk that a line begins. */
export function chunkBytesOf(line: string): number {
  const size = /^[\dA-Fa-f]+(?=[\t ]*(?:;|$))/.exec(line)?.[0];
  if (size === undefined) throw new NotInHttp2(`a chunk size ${JSON.stringify(line)}`);
  return Number.parseInt(size, 16);
}

/** The value of a field that may be there once. */
export function oneOf(fields: readonly TextField[], name: string): string | undefined {
  const values = fields.filter(([spelled]) => spelled.toLowerCase() === name).map(([, value]) => value);
  if (values.length > 1) throw new NotInHttp2(`${name} more than once`);
  return values[0];
}

/** How a message says where its body ends; undefined when it does not say it. */
export function framingOf(fields: readonly TextField[]): Exclude<TextFraming, 'raw'> | undefined {
  const coding = oneOf(fields, 'transfer-encoding');
  const length = oneOf(fields, 'content-length');
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked') throw new NotInHttp2(`a coding ${coding}`);
    return 'chunked';
  }
  if (length === undefined) return undefined;
  if (!/^\d{1,15}$/.test(length)) throw new NotInHttp2(`a length of ${length}`);
  return Number(length);
}
