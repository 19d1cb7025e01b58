import type { Endpoint } from '../config/topology.ts';
import type { ChaosExperiment, ChaosScope } from '../config/topology-chaos.ts';
import type { FaultPlan, PartialPlan } from '../table/fault-plan.ts';
import { shortenArray } from './partial.ts';

/** An experiment that was started. Times are by the table's clock, so every thread knows when it is over. */
export type RunningExperiment = {
  readonly experiment: ChaosExperiment;
  readonly startedMs: number;
  readonly untilMs: number;
  readonly by: 'file' | 'api' | 'fleet';
};

/** What an attempt is, as far as scopes ask; the service is the one that is asked, whoever shares its endpoints. */
export type Tried = Pick<Endpoint, 'service' | 'cloud' | 'region' | 'id'> & { readonly priority: string };

/** Whether an attempt is in an experiment's scope: everything that the scope names must fit. */
export function inScope(scope: ChaosScope, tried: Tried): boolean {
  return (
    (scope.service === undefined || scope.service === tried.service) &&
    (scope.cloud === undefined || scope.cloud === tried.cloud) &&
    (scope.region === undefined || scope.region === tried.region) &&
    (scope.endpoint === undefined || scope.endpoint === tried.id) &&
    (scope.priority === undefined || scope.priority === tried.priority)
  );
}

/**
 * Whether a request is inside a radius, 0 to 1. A request has one draw, in [0, 1), for all experiments and all its attempts;
 * mixed with a salt (the experiment's name) it gives each experiment a decision of its own, independent of the others
 * and the same for every attempt.
 */
export function isHit(draw: number, salt: string, radius: number): boolean {
  return mixed((Math.floor(draw * TWO_32) ^ hashed(salt)) >>> 0) < radius * TWO_32;
}

/**
 * What running experiments do to an attempt, or undefined. Delays add up; of several failures, and of several partial
 * answers, the experiment that was started first wins.
 */
export function planFaults(
  running: readonly RunningExperiment[],
  tried: Tried,
  at: { readonly draw: number; readonly nowMs: number },
): FaultPlan | undefined {
  const delayedBy: string[] = [];
  let delayMs = 0;
  let failure: FaultPlan['failure'];
  let partial: PartialPlan | undefined;
  for (const { experiment, untilMs } of running) {
    const { name, fault, scope, radius } = experiment;
    if (at.nowMs >= untilMs || !inScope(scope, tried) || !isHit(at.draw, name, radius)) continue;
    if (fault.kind === 'latency') {
      delayMs += fault.delayMs;
      delayedBy.push(name);
    } else if (fault.kind === 'partial') partial ??= partialPlan(name, fault.keep);
    // Another salt: of the requests inside the radius this share fails, whichever they are.
    else if (isHit(at.draw, `${name} fails`, fault.errorRate)) failure ??= { experiment: name, answer: fault.answer };
  }
  if (delayMs === 0 && failure === undefined && partial === undefined) return undefined;
  return { delayMs, delayedBy, failure, partial };
}

function partialPlan(experiment: string, keep: number): PartialPlan {
  return { experiment, keep, shorten: (body) => shortenArray(body, keep) };
}

const TWO_32 = 2 ** 32;

/** FNV-1a over UTF-16 code units, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash >>> 0);
}

/** The finalizer of MurmurHash3, a bijection of 32 bits in which every input bit moves every output bit. */
function mixed(bits: number): number {
  let mix = bits;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
