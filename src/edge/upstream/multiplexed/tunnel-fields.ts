import { OutField } from '../../frames/hpack/out-field.ts';
import { requestFields } from './request-fields.ts';

const CONNECT = new OutField(':method', 'CONNECT');
const WEB_SOCKET = new OutField(':protocol', 'websocket');

/** The handshake of a WebSocket, as HTTP/2 says it, and the key that HTTP/1.1 has for it. */
export type TunnelFields = { readonly fields: readonly OutField[]; readonly key: string };

/** Reads a handshake that was written for HTTP/1.1 (RFC 6455 §4.1); an extended CONNECT has no key (RFC 8441 §5). */
export function tunnelFields(head: string, secure: boolean): TunnelFields {
  const [, ...said] = requestFields(head, secure).fields;
  const key = said.find(({ name }) => name === 'sec-websocket-key')?.value ?? '';
  return { fields: [CONNECT, WEB_SOCKET, ...said.filter(({ name }) => name !== 'sec-websocket-key')], key };
}
