import type { Readiness } from './ports.ts';
import { type AdminReply, text } from './reply.ts';

/**
 * The answer of `/readyz`: `ok` when ready. Every check by name when it was asked for, and whenever it is not ready,
 * since that is when somebody wants to know. Written as Kubernetes writes its own.
 */
export function readyzReply({ ready, checks }: Readiness, verbose: boolean): AdminReply {
  const status = ready ? 200 : 503;
  if (ready && !verbose) return text(status, 'ok');
  const lines = checks.map(({ name, ok, detail }) => {
    const line = ok ? `[+]${name} ok` : `[-]${name} failed`;
    return detail === '' ? line : `${line}: ${detail}`;
  });
  return text(status, [...lines, `readyz check ${ready ? 'passed' : 'failed'}`, ''].join('\n'));
}
