import type { ServiceView } from '../../routing/view.ts';
import type { RunnerUp } from './exchange.ts';

/**
 * The best of the others that were in the same group as the one at `index`, by what the last decision on `view` wrote down; undefined when
 * nobody was. Those in later groups were not looked at.
 */
export function runnerUpOf(
  { groups, scores, service }: Pick<ServiceView, 'groups' | 'scores' | 'service'>,
  index: number,
): RunnerUp | undefined {
  const group = groups[index] as number;
  let best = -1;
  for (let i = 0; i < groups.length; i += 1) {
    if (i === index || groups[i] !== group) continue;
    if (best === -1 || (scores[i] as number) > (scores[best] as number)) best = i;
  }
  const endpoint = service.endpoints[best];
  return endpoint && { endpoint: endpoint.id, score: scores[best] as number };
}
