import type { ShownOverride } from '../compose/fleet-answer.ts';
import type { OverrideAnswer } from '../compose/override-orders.ts';

/** What became of an order, as people read it: what is in force where, what is not yet, and what else is said of the same. */
export function overrideText(answer: OverrideAnswer): string {
  const lines = [`${sentence(answer)}.`, `${storedText(answer)}.`];
  const others = answer.inForce.filter(({ kind, scope }) => kind !== answer.kind || scope !== answer.scope);
  if (others.length > 0) lines.push('', 'Also in force there:', ...others.map((other) => `  ${otherText(other)}`));
  return `${lines.join('\n')}\n`;
}

function sentence({ kind, scope, level, until, endpoints, edge }: OverrideAnswer): string {
  const reach = `${endpoints} endpoint${endpoints === 1 ? '' : 's'} of edge ${edge}`;
  const how = until === null ? '' : `, until ${until}`;
  if (level === null) return `The ${kind} of ${scope} is lifted: it was on ${reach}`;
  if (kind === 'drain') return `${scope} is drained${how}: ${reach} get${endpoints === 1 ? 's' : ''} no more requests`;
  return `${scope} has the ${kind} ${level}${how}: ${reach}`;
}

function storedText({ stored, region, trouble }: OverrideAnswer): string {
  switch (stored) {
    case 'primary':
      return `Stored in ${region}; the other edges follow as they hear of it (meridian fleet status)`;
    case 'here': {
      const why = trouble === '' ? `${region} has not taken it yet` : `${region}: ${trouble}`;
      return `In force on this edge, not yet stored: ${why}. It is tried again until it is`;
    }
    case 'alone':
      return 'In force on this edge only, and until its process ends: its file has no fleet block';
    default:
      return stored satisfies never;
  }
}

function otherText({ kind, scope, level, until, actor, reason }: ShownOverride): string {
  const what = kind === 'drain' ? `the drain of ${scope}` : `the ${kind} ${level} of ${scope}`;
  return `${what}${until === null ? '' : ` until ${until}`}, by ${actor}: ${reason}`;
}
