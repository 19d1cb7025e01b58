import type { Ask, Live } from '../../src/routing/ask.ts';
import { DETOUR_MAX_MS } from '../../src/routing/detour.ts';
import { disregardsHealth } from '../../src/routing/disregard.ts';
import { capacityFactor, diversityFactor, diversityReachMs, drawWeight } from '../../src/routing/factors.ts';
import { groupOf, isSpread, NEVER_GROUP } from '../../src/routing/groups.ts';
import { capacityOf, healthOf, inFlightOf, reportedNow } from '../../src/routing/load.ts';
import { homeMsOf } from '../../src/routing/overflow.ts';
import { NOBODY } from '../../src/routing/select.ts';
import type { ServiceView } from '../../src/routing/view.ts';

/** What the rule comes to, read as it is written, endpoint by endpoint, without regard to what it costs. */
export type ByRule = { readonly chosen: number; readonly groups: readonly number[]; readonly loads: readonly number[] };

/** For services whose clients stay with nobody, and that assign nothing. Writes into the scratch of `view`, and into `ask` what `select` does. */
export function choiceByRule(view: ServiceView, live: Live, ask: Ask): ByRule {
  const { columns } = live;
  const { brake } = view;
  if (brake?.overflow !== undefined) ask.homeMs = homeMsOf(view, ask);
  if (brake !== undefined) {
    ask.disregards = brake.panicBelow > 0 && disregardsHealth(view, live, ask, brake.panicBelow);
  }
  const all = view.service.endpoints.map((_, i) => i);
  const groups = all.map((i) => groupOf(view, i, live, ask));
  const loads = all.map((i) => {
    const row = view.rows[i] as number;
    const counted = inFlightOf(columns, row) / capacityOf(view, i, columns);
    return view.reports ? Math.max(counted, reportedNow(columns, row)) : counted;
  });
  const first = Math.min(...groups);
  const scored = { groups, loads };
  if (first === NEVER_GROUP) return { chosen: NOBODY, ...scored };
  const members = all.filter((i) => groups[i] === first);
  if (view.service.routing.select === 'weighted') {
    return { chosen: drawn(members, ask.draw, (i) => drawWeight(ask.latency.ms[i] as number)), ...scored };
  }
  const capacity = (i: number) => capacityOf(view, i, columns);
  if (isSpread(first) || ask.disregards) return { chosen: drawn(members, ask.draw, capacity), ...scored };
  const { weights, latency } = ask;
  const plain = (i: number) =>
    weights.latency * (latency.factors[i] as number) +
    weights.capacity * capacityFactor(loads[i] as number, 1) +
    weights.health * healthOf(view, i, columns);
  // Load counts as much as the way and no more.
  const asFar = (i: number) =>
    plain(i) - Math.max(0, weights.capacity - weights.latency) * capacityFactor(loads[i] as number, 1);
  const base = members.reduce((at, i) => (asFar(i) > asFar(at) ? i : at));
  const isBounded = weights.latency > 0 && weights.capacity > weights.latency;
  const boundMs = isBounded ? (latency.ms[base] as number) + DETOUR_MAX_MS : Number.POSITIVE_INFINITY;
  const within = members.filter((i) => (latency.ms[i] as number) <= boundMs);
  const best = within.reduce((at, i) => (plain(i) > plain(at) ? i : at));
  const atMostMs = (latency.ms[best] as number) + diversityReachMs(weights);
  const { band } = view.service.routing;
  const near = within.filter((i) => plain(i) >= plain(best) - band || (latency.ms[i] as number) <= atMostMs);
  const score = (i: number) =>
    plain(i) + weights.diversity * diversityFactor(ask.shares[view.clouds[i] as number] as number);
  const top = Math.max(...near.map(score));
  const tied = near.filter((i) => score(i) >= top - band);
  return { chosen: drawn(tied, ask.draw, capacity), ...scored };
}

/** One of `from`, each as likely as its weight; the last has what rounding leaves. */
function drawn(from: readonly number[], draw: number, weightOf: (i: number) => number): number {
  let left = draw * from.reduce((sum, i) => sum + weightOf(i), 0);
  for (const i of from) {
    left -= weightOf(i);
    if (left < 0) return i;
  }
  return from.at(-1) as number;
}
