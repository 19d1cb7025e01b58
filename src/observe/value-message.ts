import type { Event } from '../table/event.ts';
import type { LogMessage } from './log-message.ts';

export type ValueEvent = Extract<Event, { type: 'fleet-value' | 'fleet-voters' | 'flag-switched' }>;

export function isValueEvent(event: Event): event is ValueEvent {
  return event.type === 'fleet-value' || event.type === 'fleet-voters' || event.type === 'flag-switched';
}

/** The log line of a value that somebody wrote, or tried to; what it is stands in no log. */
export function valueMessage(event: ValueEvent): LogMessage {
  if (event.type === 'flag-switched') {
    const { flag, on, endpoints } = event;
    const many = `${endpoints} endpoint${endpoints === 1 ? '' : 's'}`;
    if (on) return { level: 'warn', message: `the flag ${flag} is on: ${many} of this edge get no more requests` };
    return { level: 'info', message: `the flag ${flag} is off: ${many} of this edge get requests again` };
  }
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
