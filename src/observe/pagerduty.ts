import { createHash } from 'node:crypto';
import { type AlertChange, isOfEdge } from './alert.ts';
import { isoOf } from './iso-time.ts';
import type { Post } from './webhook.ts';

/** The most that PagerDuty takes of a summary. */
export const SUMMARY_CHARS_MAX = 1024;

/**
 * One event of the Events API v2. The same alert of the same edge, or with a fleet of whichever of its edges, has the same key,
 * so that resolving finds the incident.
 */
export function pagerdutyPost(
  sink: { readonly routingKey: string; readonly url: string },
  { status, finding, startsAtMs }: AlertChange,
  edge: string,
  fleet?: string,
): Post {
  const whose = fleet === undefined || isOfEdge(finding) ? edge : fleet;
  const event = {
    routing_key: sink.routingKey,
    event_action: status === 'firing' ? 'trigger' : 'resolve',
    dedup_key: `meridian-${createHash('sha256').update(`${whose} ${finding.key}`).digest('hex')}`,
    payload: {
      summary: `${edge}: ${finding.summary}`.slice(0, SUMMARY_CHARS_MAX),
      source: edge,
      severity: finding.severity,
      timestamp: isoOf(startsAtMs),
      component: finding.labels['service'],
      group: finding.labels['cloud'],
      class: finding.name,
      custom_details: finding.labels,
    },
  };
  return { url: sink.url, body: JSON.stringify(event) };
}
