import { valuesOfLast } from '../grammar/response-head.ts';

/** What a client gets of an interim answer, whose head was read last and is in these bytes; empty for nothing. */
export function interimText(status: number, bytes: Buffer): string {
  if (status === 100) return 'HTTP/1.1 100 Continue\r\n\r\n';
  if (status !== 103) return '';
  const links = valuesOfLast(bytes, 'link').map((value) => `Link: ${value}\r\n`);
  return links.length === 0 ? '' : `HTTP/1.1 103 Early Hints\r\n${links.join('')}\r\n`;
}
