import { isBraked } from '../../routing/select.ts';
import { NOT_STUCK } from '../../routing/sticky-choice.ts';
import { countCell, SERVICE_CELLS } from '../../table/service-cells.ts';
import type { Exchange } from './exchange.ts';
import type { PathDeps } from './path-deps.ts';

const LOWER_TIERS = countCell('lower-tier');
const BRAKED = countCell('braked');
const DISREGARDED = countCell('health-disregarded');
const STICKY = {
  kept: countCell('sticky-kept'),
  moved: countCell('sticky-moved'),
  new: countCell('sticky-new'),
  hashed: countCell('sticky-hashed'),
} as const;

type Deps = Pick<PathDeps, 'block' | 'live'>;

/** Counts what tiers, brakes and stickiness had to do with a choice; a comparison each for a service that has none of them. */
export function countChoice({ block }: Deps, exchange: Exchange, index: number): void {
  const { view, state, sticky, attempts } = exchange;
  if ((view.tiers[index] as number) > 0) count(block, view.slot, LOWER_TIERS);
  if (state.ask.disregards) count(block, view.slot, DISREGARDED);
  if (sticky === undefined || attempts.length > 0) return;
  if (sticky.hash !== undefined) count(block, view.slot, STICKY.hashed);
  else if (sticky.index === NOT_STUCK) count(block, view.slot, STICKY.new);
  else count(block, view.slot, sticky.index === index ? STICKY.kept : STICKY.moved);
}

/** Counts a request that found nobody, if that is because all have as much as they may have. */
export function countNobody({ block, live }: Deps, { view, state, attempts }: Exchange): void {
  if (view.brake === undefined || attempts.length > 0) return;
  if (isBraked(view, live, state.ask)) count(block, view.slot, BRAKED);
}

function count({ services }: PathDeps['block'], slot: number, of: number): void {
  const cell = slot * SERVICE_CELLS + of;
  services[cell] = (services[cell] as number) + 1;
}
