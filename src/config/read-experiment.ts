import { buildExperiment, type GivenExperiment } from './build-chaos.ts';
import type { Fault } from './kind.ts';
import { pathText } from './problem.ts';
import { asMapping } from './raw.ts';
import { kindFaults } from './rules-chaos.ts';
import { CHAOS_START, CHAOS_STOP } from './schema-chaos.ts';
import type { ChaosExperiment } from './topology-chaos.ts';
import { readWith } from './zod-schema.ts';

/** What somebody asks to start: an experiment that the file defines, for a time of its own, or a whole new one. */
export type StartOrder =
  | (Start & { readonly experiment?: undefined })
  | (Start & { readonly experiment: ChaosExperiment });

type Start = {
  readonly name: string;
  readonly forMs: number | undefined;
  /** Whether it is for every edge of the fleet. */
  readonly fleet: boolean;
};

export type Problems = { readonly problems: readonly string[] };

/** Reads a start order with the keys that the file has for an experiment. Unknown keys and kinds are problems. */
export function readStartOrder(body: unknown): StartOrder | Problems {
  const read = readWith(CHAOS_START.schema, body);
  const faults = [...('faults' in read ? read.faults : []), ...kindFaults(asMapping(body), [])];
  if ('faults' in read || faults.length > 0) return inWords(faults);
  const { name = '', fleet = false, ...given } = read.value;
  const forMs = given.for;
  if (given.kind === undefined) {
    const more = Object.keys(given).filter((key) => key !== 'for');
    if (more.length === 0) return { name, forMs, fleet };
    return { problems: [`kind is missing; with ${more.join(', ')} this is an experiment of its own`] };
  }
  if (given.radius === undefined) return { problems: ['radius is missing; it must be a share such as 5%'] };
  return { name, forMs, fleet, experiment: buildExperiment(name, given as GivenExperiment) };
}

/** Reads a stop order: one experiment by name, or every one. */
export function readStopOrder(body: unknown): { readonly name: string | undefined } | Problems {
  const read = readWith(CHAOS_STOP.schema, body);
  return 'faults' in read ? inWords(read.faults) : { name: read.value.name };
}

function inWords(faults: readonly Fault[]): Problems {
  return { problems: faults.map(({ path, message }) => `${path.length === 0 ? 'it' : pathText(path)} ${message}`) };
}
