import { durationText } from './condition-text.ts';
import type { EdgeView } from './edge-view.ts';

type Certificates = EdgeView['status']['certificates'];

/** Certificates that the edge obtains by itself, one a line: until when they are good, when they are renewed, and what keeps them from it. */
export function certificateLines(certificates: Certificates, nowMs: number): readonly string[] {
  return certificates.map(({ name, state, endsAt, renewAt, failures, error, againAt }) => {
    const away = (at: string): string => durationText(Math.max(0, Date.parse(at) - nowMs));
    const ends = endsAt === null ? 'none yet' : `good for ${away(endsAt)}`;
    const renewal = renewAt === null || failures > 0 ? '' : `, renewed in ${away(renewAt)}`;
    const ordering = state === 'ordering' ? ', being ordered' : '';
    const again = againAt === null ? '' : `, tried again in ${away(againAt)}`;
    const failed = failures === 0 ? '' : `; ${failures} in a row failed${again}: ${error}`;
    return `certificate of ${name}: ${ends}${renewal}${ordering}${failed}`;
  });
}
