import type { Event } from '../table/event.ts';
import type { LogMessage } from './log-message.ts';

export type ValueEvent = Extract<Event, { type: 'fleet-value' | 'fleet-voters' | 'flag-switched' }>;

/** Whether an event is one of these. */
export function isValueEvent(event: Event): event is ValueEvent {
  return event.type === 'fleet-value' || event.type === 'fleet-voters' || event.type === 'flag-switched';
}

function flagMessage({ flag, on, endpoints, rules }: Extract<ValueEvent, { type: 'flag-switched' }>): LogMessage {
  const many = `${endpoints} endpoint${endpoints === 1 ? '' : 's'} of this edge get${endpoints === 1 ? 's' : ''}`;
  const some = `${rules} rule${rules === 1 ? '' : 's'} of match hold${rules === 1 ? 's' : ''}`;
  const what = [
    ...(endpoints === 0 ? [] : [`${many} ${on ? 'no more requests' : 'requests again'}`]),
    ...(rules === 0 ? [] : [`${some} ${on ? 'now' : 'no more'}`]),
  ];
  const then = what.length === 0 ? 'nothing in the file goes by it any more' : what.join(', ');
  return { level: on ? 'warn' : 'info', message: `the flag ${flag} is ${on ? 'on' : 'off'}: ${then}` };
}

/** The log line of a value that somebody wrote, or tried to; what it is stands in no log. */
export function valueMessage(event: ValueEvent): LogMessage {
  if (event.type === 'flag-switched') {
    return flagMessage(event);
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
