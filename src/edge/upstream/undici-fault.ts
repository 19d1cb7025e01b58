import type { Fault, FaultKind } from '../../resilience/fault.ts';
import { BadAnswer } from './bad-answer.ts';
import { isShortage } from './shortage.ts';

const KINDS: Readonly<Record<string, FaultKind>> = {
  ECONNREFUSED: 'connect-refused',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EAI_NODATA: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls-failed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-failed',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-failed',
  UND_ERR_BODY_TIMEOUT: 'idle-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'first-byte-timeout',
  UND_ERR_HEADERS_OVERFLOW: 'bad-response',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'bad-response',
};

const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_)/;

/** What an error of undici, TLS or the operating system means, in the pipeline's words. */
export function faultOf(error: unknown, sent: Fault['sent']): Fault {
  if (error instanceof BadAnswer) return { kind: 'bad-response', sent, cause: error.message, ...error.blame };
  const { code, message, name } = error as { code?: unknown; message?: unknown; name?: unknown };
  const known = typeof code === 'string' ? code : '';
  if (sent === 'nothing' && isShortage(error)) return { kind: 'no-resources', sent, cause: known };
  const kind = isUnreadable(name, message) ? 'bad-response' : kindOf(known);
  return { kind, sent, cause: known === '' ? String(message) : known };
}

/** Errors of undici's parser have no code, and what it takes for a broken connection may be an answer that it cannot read. */
function isUnreadable(name: unknown, message: unknown): boolean {
  return name === 'HTTPParserError' || message === 'bad response' || message === 'bad upgrade';
}

function kindOf(code: string): FaultKind {
  const known = KINDS[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return 'tls-failed';
  return code.startsWith('HPE_') ? 'bad-response' : 'reset';
}
