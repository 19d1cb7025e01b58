import type { Event } from '../table/event.ts';
import { isoOf } from './iso-time.ts';
import type { LogMessage } from './log-message.ts';

export type OverrideEvent = Extract<Event, { type: 'override-changed' }>;

/** Whether an event is one of these. */
export function isOverrideEvent(event: Event): event is OverrideEvent {
  return event.type === 'override-changed';
}

/** The log line of what operators decided, here or at another edge. */
export function overrideMessage(event: OverrideEvent): LogMessage {
  const { scope, status, actor, edge, reason } = event;
  const who = `${actor} on ${edge}${reason === '' ? '' : `: ${reason}`}`;
  if (status === 'in-force') return { level: 'warn', message: `${scope} ${stateOf(event)}, by ${who}` };
  const what = `the ${event.kind} of ${scope}`;
  if (status === 'ended') return { level: 'info', message: `${what} has expired` };
  return { level: 'info', message: `${what} is lifted, by ${who}` };
}

/** Its fields in the log, where `level` is how grave a line is: what was said is its `value`. */
export function fieldsOfOverride(event: OverrideEvent): Readonly<Record<string, unknown>> {
  const { type: _, level, ...fields } = event;
  return { ...fields, value: level };
}

function stateOf({ kind, level, untilMs }: OverrideEvent): string {
  const until = untilMs === null ? '' : ` until ${isoOf(untilMs)}`;
  if (kind === 'drain') return `is drained${until}`;
  return kind === 'weight' ? `has the weight ${level}${until}` : `has the capacity ${level}${until}`;
}
