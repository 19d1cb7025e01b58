import { durationText } from '../config/duration.ts';
import { shareText } from '../config/share.ts';
import type { ChaosExperiment, ChaosFault, ChaosScope } from '../config/topology-chaos.ts';
import { textTable } from './text-table.ts';

/** What is used of what an edge says of its experiments. */
export type ChaosAnswer = {
  readonly enabled: boolean;
  readonly running: readonly (Pick<ChaosExperiment, 'name' | 'fault' | 'scope' | 'radius'> & {
    readonly fleet: boolean;
    readonly leftMs: number;
  })[];
  readonly defined: readonly {
    readonly name: string;
    readonly kind: string;
    readonly radius: number;
    readonly for: string;
  }[];
  readonly ended: readonly { readonly experiment: string; readonly reason: string; readonly detail: string }[];
  /** Where an order that is for a whole fleet was stored. */
  readonly stored?: string;
};

/** Experiments that run, that the file defines, and that have ended. */
export function chaosText({ enabled, running, defined, ended }: ChaosAnswer): string {
  const parts = enabled ? [] : ['No experiment may run on this edge: chaos.enabled is false in its file.\n'];
  if (running.length > 0) {
    const rows = running.map(({ name, fault, radius, scope, leftMs, fleet }) => [
      name,
      faultText(fault),
      shareText(radius, 3),
      scopeText(scope),
      `${Math.round(leftMs / 1000)} s`,
      fleet ? 'every edge' : 'this edge',
    ]);
    parts.push(textTable([['RUNNING', 'FAULT', 'RADIUS', 'OF', 'LEFT', 'ON'], ...rows]));
  } else if (enabled) parts.push('No experiment runs.\n');
  if (defined.length > 0) {
    const rows = defined.map(({ name, kind, radius, for: time }) => [name, kind, shareText(radius, 3), time]);
    parts.push(textTable([['IN THE FILE', 'KIND', 'RADIUS', 'FOR'], ...rows]));
  }
  if (ended.length > 0) {
    const rows = ended.map(({ experiment, reason, detail }) => [experiment, reason, detail]);
    parts.push(textTable([['ENDED', 'BY', 'WHY'], ...rows]));
  }
  return parts.join('\n');
}

function faultText(fault: ChaosFault): string {
  switch (fault.kind) {
    case 'latency':
      return `latency ${durationText(fault.delayMs)}`;
    case 'failure':
      return `failure ${fault.answer}${fault.errorRate < 1 ? ` for ${shareText(fault.errorRate, 3)}` : ''}`;
    case 'partial':
      return `partial, ${shareText(fault.keep, 3)} kept`;
    default:
      return fault satisfies never;
  }
}

/** A key that is not there comes as nothing. */
function scopeText(scope: Partial<ChaosScope>): string {
  const parts = Object.entries(scope).map(([key, value]) => `${key} ${value}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
