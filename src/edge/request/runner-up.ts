import type { Ask, Live } from '../../routing/ask.ts';
import { scoreOf } from '../../routing/select.ts';
import type { ServiceView } from '../../routing/view.ts';
import type { RunnerUp } from './exchange.ts';

/** Nobody scores this many again for a line of the log. */
export const RUNNERS_UP_MAX = 32;

/**
 * The best of the others that were in the same group as the one at `index`, right after the decision on `view` for `ask`; undefined when nobody
 * was. Those in later groups were not looked at. A decision leaves out whom it need not compare; when it left out all the others, their
 * scores are worked out here, in the scratch of the view, unless they are more than `RUNNERS_UP_MAX`.
 */
export function runnerUpOf(view: ServiceView, index: number, live: Live, ask: Ask): RunnerUp | undefined {
  const { groups, scores, service } = view;
  const group = groups[index] as number;
  let others = bestOther(view, index);
  if (others.at !== -1 && others.count <= RUNNERS_UP_MAX && isLeftOut(scores[others.at] as number)) {
    for (let i = 0; i < groups.length; i += 1) {
      if (i !== index && groups[i] === group) scores[i] = scoreOf(view, i, live, ask);
    }
    others = bestOther(view, index);
  }
  const endpoint = service.endpoints[others.at];
  const score = scores[others.at] as number;
  return endpoint === undefined || isLeftOut(score) ? undefined : { endpoint: endpoint.id, score };
}

/** Where the best of the others in the group is, -1 for nowhere, and how many there are. */
function bestOther({ groups, scores }: ServiceView, index: number): { readonly at: number; readonly count: number } {
  const group = groups[index] as number;
  let [at, count] = [-1, 0];
  for (let i = 0; i < groups.length; i += 1) {
    if (i === index || groups[i] !== group) continue;
    count += 1;
    if (at === -1 || (scores[i] as number) > (scores[at] as number)) at = i;
  }
  return { at, count };
}

function isLeftOut(score: number): boolean {
  return score === Number.NEGATIVE_INFINITY;
}
