import type { Event } from '../table/event.ts';
import type { LogMessage } from './log-message.ts';

/** What is about the process as a whole: that it serves, gets a signal, and ends. */
export type ProcessEvent = Extract<Event, { type: 'started' | 'ending' | 'ended' | 'signal' }>;

/** Whether an event is one of these. */
export function isProcessEvent(event: Event): event is ProcessEvent {
  return event.type === 'started' || event.type === 'ending' || event.type === 'ended' || event.type === 'signal';
}

/** The log line of such an event. */
export function processMessage(event: ProcessEvent): LogMessage {
  switch (event.type) {
    case 'started':
      return {
        level: 'info',
        message: `serving ${event.listen}, admin on ${event.admin}, from ${event.file}; version ${event.version} on Node ${event.node}`,
      };
    case 'ending':
      return { level: 'info', message: ENDING[event.phase](event.forMs / 1000) };
    case 'ended':
      return { level: 'info', message: `ended after ${Math.round(event.uptimeMs / 1000)} s` };
    case 'signal':
      return { level: 'info', message: `${event.signal}: ${event.what}` };
    default:
      return event satisfies never;
  }
}

type Phase = Extract<Event, { type: 'ending' }>['phase'];

const ENDING: Readonly<Record<Phase, (seconds: number) => string>> = {
  'lame-duck': (seconds) => `not ready; serving on for ${seconds} s before it drains`,
  draining: (seconds) => `draining for at most ${seconds} s`,
  cutting: () => 'cutting off what is left',
};
