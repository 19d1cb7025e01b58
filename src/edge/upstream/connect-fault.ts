import type { Fault, FaultKind } from '../../resilience/fault.ts';
import { isShortage } from './shortage.ts';

const KINDS: Readonly<Record<string, FaultKind>> = {
  ECONNREFUSED: 'connect-refused',
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
};

const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_)/;

/** What it means that no connection could be made, in the pipeline's words: an error of the operating system, of names or of TLS. */
export function connectFaultOf(error: unknown): Fault {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? code : '';
  if (isShortage(error)) return { kind: 'no-resources', sent: 'nothing', cause: known };
  return { kind: kindOf(known), sent: 'nothing', cause: known === '' ? String(message) : known };
}

function kindOf(code: string): FaultKind {
  return KINDS[code] ?? (TLS_CODE.test(code) ? 'tls-failed' : 'reset');
}
