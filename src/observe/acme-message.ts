import type { Event } from '../table/event.ts';
import { isoOf } from './iso-time.ts';
import type { LogMessage } from './log-message.ts';

/** What the edge obtains from authorities by itself. */
export type AcmeEvent = Extract<Event, { type: 'acme-obtained' | 'acme-failed' }>;

/** Whether an event is one of these. */
export function isAcmeEvent(event: Event): event is AcmeEvent {
  return event.type === 'acme-obtained' || event.type === 'acme-failed';
}

/** The log line of how an order for a certificate went. */
export function acmeMessage(event: AcmeEvent): LogMessage {
  const { domain } = event;
  const host = URL.parse(event.directory)?.host ?? event.directory;
  if (event.type === 'acme-obtained') {
    const [end, renewal] = [isoOf(event.notAfterMs), isoOf(event.renewMs)];
    return {
      level: 'info',
      message: `${host} has issued a certificate for ${domain}; it ends on ${end}, and is renewed on ${renewal}`,
    };
  }
  const again = Math.max(1, Math.round(event.againMs / 1000));
  return {
    level: event.trouble === 'away' && event.failures === 1 ? 'warn' : 'error',
    message: `no certificate for ${domain} from ${host}; what is in use stays, and it is tried again in ${again} s: ${event.error}`,
  };
}
