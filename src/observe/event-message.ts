import { serviceOfEndpoint } from '../config/endpoint-id.ts';
import { shareText } from '../config/share.ts';
import type { Event } from '../table/event.ts';
import { type AcmeEvent, acmeMessage, isAcmeEvent } from './acme-message.ts';
import { isoOf } from './iso-time.ts';
import type { LogMessage } from './log-message.ts';
import { fieldsOfOverride, isOverrideEvent, type OverrideEvent, overrideMessage } from './override-message.ts';
import { isProcessEvent, type ProcessEvent, processMessage } from './process-message.ts';
import { isThreadEvent, type ThreadEvent, threadMessage } from './thread-message.ts';
import { isValueEvent, type ValueEvent, valueMessage } from './value-message.ts';

/** Problems of a file that are written to the log; the rest are counted. */
export const PROBLEMS_LOGGED_MAX = 20;

/** The loss of a thread or an endpoint is at least a warning; what gets better is not. */
export function messageOf(event: Event): LogMessage {
  switch (event.type) {
    case 'loop-failed':
      return { level: 'error', message: `the ${event.loop} loop failed once and goes on: ${event.error}` };
    case 'breaker-moved': {
      const level = event.to === 'open' ? 'warn' : 'info';
      const what = event.scope === 'cloud' ? event.cloud : `${event.cloud}/${event.region}`;
      const why = event.scope === 'cloud' ? `${event.by}: ${event.cause}` : event.cause;
      return { level, message: `the breaker of ${event.service} on ${what} is ${event.to}: ${why}` };
    }
    case 'endpoint-state': {
      const level = event.to === 'healthy' ? 'info' : 'warn';
      return { level, message: `${event.endpoint} is ${event.to}: ${event.reason}` };
    }
    case 'endpoint-cause':
      return {
        level: 'warn',
        message: `${event.endpoint} is still ${event.state}, for another reason: ${event.reason}`,
      };
    case 'failed-over':
      return {
        level: 'info',
        message: `${times(event.count, 'request')}${ofService(event.from)} went to ${event.to} instead of ${event.from}: ${event.reason}`,
      };
    case 'degraded': {
      const what = event.quality === 'none' ? 'refused' : `answered from ${event.source}`;
      return {
        level: 'warn',
        message: `${times(event.count, 'request')} of ${event.service} ${what}: ${event.quality}`,
      };
    }
    case 'cache-failed':
      return {
        level: 'error',
        message: `the copies of ${event.service} cannot be used; the service goes on without them: ${event.error}`,
      };
    case 'cache-purged':
      return purgeMessage(event);
    case 'panic':
      return {
        level: 'warn',
        message: `${times(event.count, 'request')} of ${event.service} went to an endpoint that is down: nothing else was left`,
      };
    default:
      return upkeepMessage(event);
  }
}

function purgeMessage({ service, what, failed }: Extract<Event, { type: 'cache-purged' }>): LogMessage {
  const done = failed === 0 ? 'are forgotten' : `are to be forgotten; ${times(failed, 'thread')} could not yet`;
  return {
    level: failed === 0 ? 'info' : 'error',
    message: `the copies of ${service} at ${what} ${done}, by the admin API`,
  };
}

/** What is about the process and its files rather than about traffic. */
type Upkeep = Exclude<
  Event,
  {
    type:
      | 'loop-failed'
      | 'breaker-moved'
      | 'endpoint-state'
      | 'endpoint-cause'
      | 'failed-over'
      | 'degraded'
      | 'cache-failed'
      | 'cache-purged'
      | 'panic';
  }
>;

function upkeepMessage(event: Upkeep): LogMessage {
  switch (event.type) {
    case 'reloaded':
      return {
        level: 'info',
        message: `${event.file} is in use: ${times(event.services, 'service')}, ${times(event.endpoints, 'endpoint')}`,
      };
    case 'reload-rejected':
      return {
        level: 'error',
        message: `${event.file} has ${times(event.problems.length, 'problem')}; the previous topology stays in use`,
      };
    case 'restart-needed':
      return { level: 'warn', message: `a change of ${event.keys.join(', ')} takes effect at the next start` };
    case 'origins-unverified':
      return {
        level: 'warn',
        message: `${event.service} says tls.insecure: nobody verifies who its ${times(event.endpoints, 'https endpoint')} are`,
      };
    case 'certificate-changed':
      return {
        level: 'info',
        message: `the certificate of ${event.certificate} in ${event.file} is in use; it ends on ${isoOf(event.notAfterMs)}`,
      };
    case 'certificate-refused':
      return { level: 'error', message: `${event.key}: ${event.error}; what was in use before stays` };
    case 'geo-swapped':
      return { level: 'info', message: `the geo database ${event.file} is in use` };
    case 'geo-rejected':
      return {
        level: 'error',
        message: `the geo database ${event.file} cannot be used; the previous one stays in use: ${event.error}`,
      };
    default:
      if (isNetwork(event)) return networkMessage(event);
      return isOrder(event) ? orderMessage(event) : alertMessage(event);
  }
}

type NetworkEvent = Extract<
  Event,
  { type: 'addresses-changed' | 'resources-short' | 'resolve-failed' | 'resolve-recovered' }
>;

function isNetwork(event: Event): event is NetworkEvent {
  return event.type.startsWith('resolve-') || event.type === 'addresses-changed' || event.type === 'resources-short';
}

/** How endpoints are found, and what it takes to reach them. */
function networkMessage(event: NetworkEvent): LogMessage {
  switch (event.type) {
    case 'addresses-changed':
      return { level: 'info', message: `${event.host} is now ${event.addresses.join(', ') || 'nowhere'}` };
    case 'resources-short':
      return {
        level: 'error',
        message: `this machine is short of descriptors, ports or memory: ${times(event.count, 'connection')} could not be made or taken: ${event.code}`,
      };
    case 'resolve-recovered':
      return { level: 'info', message: `${event.host} can be resolved again` };
    case 'resolve-failed':
      return {
        level: event.keptLastGood ? 'warn' : 'error',
        message: `${event.host} could not be resolved${event.keptLastGood ? '; its last addresses stay' : ''}: ${event.error}`,
      };
    default:
      return event satisfies never;
  }
}

type Order = AcmeEvent | Chaos | FleetEvent | OverrideEvent | ProcessEvent | ThreadEvent | ValueEvent;

function isOrder(event: Event): event is Order {
  if (isProcessEvent(event) || isValueEvent(event) || isAcmeEvent(event)) return true;
  return isChaos(event) || isFleet(event) || isOverrideEvent(event) || isThreadEvent(event);
}

/** What operators and other edges have said, and what this edge's own threads do. */
function orderMessage(event: Order): LogMessage {
  if (isThreadEvent(event)) return threadMessage(event);
  if (isAcmeEvent(event)) return acmeMessage(event);
  if (isProcessEvent(event)) return processMessage(event);
  if (isOverrideEvent(event)) return overrideMessage(event);
  if (isValueEvent(event)) return valueMessage(event);
  return isChaos(event) ? chaosMessage(event) : fleetMessage(event);
}

function isChaos(event: Event): event is Chaos {
  return event.type === 'chaos-started' || event.type === 'chaos-stopped' || event.type === 'chaos-injected';
}

type Chaos = Extract<Event, { type: 'chaos-started' | 'chaos-stopped' | 'chaos-injected' }>;

function chaosMessage(event: Chaos): LogMessage {
  switch (event.type) {
    case 'chaos-started': {
      const how = `${event.kind} for ${shareText(event.radius, 3)} of its scope, for ${event.forMs / 1000} s`;
      return { level: 'warn', message: `the experiment ${event.experiment} starts: ${how}` };
    }
    case 'chaos-stopped': {
      const level = event.reason === 'guard' ? 'error' : 'info';
      const who = event.reason === 'guard' ? ' by the guard' : '';
      return { level, message: `the experiment ${event.experiment} was stopped${who}: ${event.detail}` };
    }
    case 'chaos-injected':
      return { level: 'info', message: `${event.experiment} touched ${times(event.count, 'request')}: ${event.kind}` };
    default:
      return event satisfies never;
  }
}

function isFleet(event: Event): event is FleetEvent {
  return event.type.startsWith('fleet-') && !isValueEvent(event);
}

type FleetEvent = Extract<
  Event,
  { type: 'fleet-trouble' | 'fleet-recovered' | 'fleet-record-unreadable' | 'fleet-conflict' }
>;

function fleetMessage(event: FleetEvent): LogMessage {
  switch (event.type) {
    case 'fleet-trouble':
      return {
        level: 'error',
        message: `the store of ${event.region} is in trouble; the edge goes on: ${event.cause}`,
      };
    case 'fleet-recovered':
      return { level: 'info', message: `the store of ${event.region} is well again` };
    case 'fleet-record-unreadable':
      return { level: 'error', message: `${event.key} in ${event.region} is left as it is: ${event.error}` };
    case 'fleet-conflict':
      return { level: 'warn', message: `${event.key} was written side by side by ${event.edges.join(', ')}; merged` };
    default:
      return event satisfies never;
  }
}

type Alerting = Extract<Event, { type: 'alert' | 'sink-failed' | 'sink-recovered' | 'alert-state-rejected' }>;

function alertMessage(event: Alerting): LogMessage {
  switch (event.type) {
    case 'alert': {
      if (event.status === 'resolved') return { level: 'info', message: `resolved: ${event.summary}` };
      const level = event.severity === 'critical' ? 'error' : 'warn';
      return { level, message: `alert (${event.severity}): ${event.summary}` };
    }
    case 'sink-failed':
      return { level: 'error', message: `alerts do not reach ${event.sink}: ${event.error}` };
    case 'sink-recovered':
      return { level: 'info', message: `alerts reach ${event.sink} again` };
    case 'alert-state-rejected':
      return { level: 'error', message: `${event.file} cannot be used, alerts begin anew: ${event.error}` };
    default:
      return event satisfies never;
  }
}

/** The event's own fields, without its type, and with long lists cut. */
export function fieldsOf(event: Event): Readonly<Record<string, unknown>> {
  const { type: _, ...fields } = event;
  if (event.type === 'failed-over') {
    const service = serviceOfEndpoint(event.from);
    return service === undefined ? fields : { service, ...fields };
  }
  if (event.type === 'override-changed') return fieldsOfOverride(event);
  if (event.type !== 'reload-rejected' || event.problems.length <= PROBLEMS_LOGGED_MAX) return fields;
  const more = event.problems.length - PROBLEMS_LOGGED_MAX;
  return { ...fields, problems: [...event.problems.slice(0, PROBLEMS_LOGGED_MAX), `and ${more} more`] };
}

function ofService(endpoint: string): string {
  const service = serviceOfEndpoint(endpoint);
  return service === undefined ? '' : ` of ${service}`;
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
