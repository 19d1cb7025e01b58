import type { Event } from '../table/event.ts';
import { DEMO_REGIONS } from './regions.ts';

/** An event of the edge in a few words for the view; undefined when it is not worth a line there. */
export function eventText(event: Event): string | undefined {
  switch (event.type) {
    case 'breaker-moved': {
      const what = event.scope === 'cloud' ? `the cloud ${event.cloud}` : `${event.cloud}/${event.region}`;
      return `the breaker of ${what} is ${event.to}`;
    }
    case 'endpoint-state':
      return event.from === 'unknown' && event.to === 'healthy'
        ? undefined
        : `${endpointName(event.endpoint)} is ${event.to}: ${event.reason}`;
    case 'reload-rejected':
      return `the file is not good and not used: ${event.problems[0] ?? ''}`;
    case 'reloaded':
      return 'the file is in use';
    case 'restart-needed':
      return `a change of ${event.keys.join(', ')} takes effect at the next start`;
    case 'worker-died':
      return `edge thread ${event.worker} died and is replaced: ${event.error.split('\n', 1)[0]}`;
    case 'loop-failed':
      return `the ${event.loop} loop failed once: ${event.error}`;
    default:
      return undefined;
  }
}

/** What happened to `count` requests, as it goes on after their number; undefined for other events. */
export function burstText(event: Event): string | undefined {
  if (event.type === 'panic') return 'sent to an unhealthy endpoint: nothing better is left';
  if (event.type !== 'failed-over') return undefined;
  // Failovers name regions without their clouds.
  const from = DEMO_REGIONS.find((known) => known.region === event.from)?.id ?? event.from;
  return `failed over from ${from}: ${REASONS[event.reason] ?? event.reason.replaceAll('-', ' ')}`;
}

const REASONS: Readonly<Record<string, string>> = {
  'connect-refused': 'connection refused',
  reset: 'connection reset',
  outpaced: 'no answer in time',
};

/** `demo/gcp/europe-west1/127.0.0.1:40123` → `gcp/europe-west1`. */
function endpointName(id: string): string {
  return id.split('/').slice(1, 3).join('/');
}
