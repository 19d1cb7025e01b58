import type { DropReason, Event } from '../table/event.ts';
import type { LogMessage } from './log-message.ts';

/** What is about the process's own threads and their connections. */
export type ThreadEvent = Extract<
  Event,
  {
    type: 'connections-dropped' | 'descriptors-exhausted' | 'bug' | 'worker-failed' | 'worker-started' | 'worker-died';
  }
>;

/** Whether an event is one of these. */
export function isThreadEvent(event: Event): event is ThreadEvent {
  return Object.hasOwn(KINDS, event.type);
}

/** The log line of such an event. */
export function threadMessage(event: ThreadEvent): LogMessage {
  switch (event.type) {
    case 'connections-dropped':
      return { level: 'warn', message: `${event.count} client connections were dropped: ${DROPPED[event.reason]}` };
    case 'descriptors-exhausted':
      return {
        level: 'error',
        message: `no file descriptors are left (${event.error}); new connections are closed unanswered; raise the limit of open files (ulimit -n)`,
      };
    case 'bug':
      return {
        level: 'error',
        message: `a bug in ${event.where}; the process goes on, please report it: ${event.error}`,
      };
    case 'worker-failed':
      return {
        level: 'error',
        message: `edge thread ${event.worker} had an uncaught error; another one takes its place, and this one finishes its requests: ${event.error}`,
      };
    case 'worker-started':
      return { level: 'info', message: `edge thread ${event.worker} serves` };
    case 'worker-died':
      return { level: 'error', message: `edge thread ${event.worker} died: ${event.error}` };
    default:
      return event satisfies never;
  }
}

const KINDS: Readonly<Record<ThreadEvent['type'], true>> = {
  'connections-dropped': true,
  'descriptors-exhausted': true,
  bug: true,
  'worker-failed': true,
  'worker-started': true,
  'worker-died': true,
};

const DROPPED: Readonly<Record<DropReason, string>> = {
  limit: 'edge.connections was reached',
  handshakes: 'edge.handshakes was reached, the oldest handshakes were given up',
  'connection-rate': 'their address had opened as many as edge.per_client lets it',
  'handshake-timeout': 'their TLS handshake or PROXY header was not complete within edge.handshake_timeout',
  'handshake-failed': 'their TLS handshake failed',
  'proxy-protocol': 'they did not begin with a PROXY header, or came from whom proxy_protocol.from does not name',
  'server-name': 'they asked for a name of no certificate, and strict_sni is set',
  'client-certificate': 'they showed no certificate that client_ca vouches for',
  'no-descriptors': 'the system let no more be accepted, its limit of open files may be reached',
};
