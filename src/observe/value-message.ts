import type { Event } from '../table/event.ts';
import type { LogMessage } from './log-message.ts';

export type ValueEvent = Extract<Event, { type: 'fleet-value' | 'fleet-voters' }>;

export function isValueEvent(event: Event): event is ValueEvent {
  return event.type === 'fleet-value' || event.type === 'fleet-voters';
}

/** The log line of a value that somebody wrote, or tried to; what it is stands in no log. */
export function valueMessage(event: ValueEvent): LogMessage {
  if (event.type === 'fleet-voters') {
    const how = event.founded ? 'all together, with what each has on its disk' : 'with what most of the others have';
    return {
      level: event.founded ? 'warn' : 'info',
      message: `${event.admitted.join(', ')} may vote about strong values, taken in ${how}`,
    };
  }
  const { key, order, result, actor, why } = event;
  const did = order === 'set' ? 'set' : 'deleted';
  if (result === 'acknowledged') return { level: 'info', message: `the value ${key} was ${did}, by ${actor}` };
  if (result === 'here') {
    return { level: 'warn', message: `the value ${key} was ${did} on this edge and is not stored yet, by ${actor}` };
  }
  const not = result === 'unknown' ? `may have been ${did}` : `was not ${did}`;
  return { level: 'warn', message: `the value ${key} ${not}, by ${actor}: ${why}` };
}
