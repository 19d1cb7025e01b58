import { unknownCloud } from './cloud-kind.ts';
import type { Fault } from './kind.ts';
import type { OverrideKind, OverrideScope } from './override-scope.ts';
import { pathText } from './problem.ts';
import { OVERRIDE_BODIES } from './schema-override.ts';
import { CLOUDS, type Cloud } from './topology-cloud.ts';
import { complete, readWith } from './zod-schema.ts';

export type OverrideVerb = keyof typeof OVERRIDE_BODIES;

/** What an operator asks for. `level` null lifts what was said before; a drain has the level 0. */
export type OverrideOrder = {
  readonly kind: OverrideKind;
  readonly scope: OverrideScope;
  readonly level: number | null;
  readonly forMs: number | undefined;
  readonly actor: string;
  /** Empty only where something is lifted. */
  readonly reason: string;
  /** Whether a service may be left without an endpoint. */
  readonly force: boolean;
};

export type OrderProblems = { readonly problems: readonly string[] };

/** Reads the body of an order, where these are the clouds. Unknown keys, and keys that do not go together, are problems. */
export function readOverrideOrder(
  verb: OverrideVerb,
  body: unknown,
  clouds: readonly Cloud[] = CLOUDS,
): OverrideOrder | OrderProblems {
  const read = readWith<Given>(OVERRIDE_BODIES[verb].schema, body);
  if ('faults' in read) return { problems: read.faults.map(inWords) };
  const given = read.value;
  const what = whatOf(verb, given);
  const problems = [...scopeProblems(given, clouds), ...saidProblems(given, what.level)];
  if (problems.length > 0) return { problems };
  const { actor } = complete(OVERRIDE_BODIES.undrain, given.actor === undefined ? {} : { actor: given.actor });
  return {
    ...what,
    scope: scopeOf(given),
    forMs: given.for,
    actor,
    reason: given.reason ?? '',
    force: given.force ?? false,
  };
}

type Given = Partial<{
  readonly cloud: Cloud | undefined;
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly endpoint: string | undefined;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly for: number | undefined;
  readonly force: boolean;
  readonly weight: number;
  readonly capacity: number | 'configured';
}>;

/** A weight of 0 is a drain, and that is what it is kept as: only a drain holds in panic. */
function whatOf(verb: OverrideVerb, { weight, capacity }: Given): Pick<OverrideOrder, 'kind' | 'level'> {
  switch (verb) {
    case 'drain':
      return { kind: 'drain', level: 0 };
    case 'undrain':
      return { kind: 'drain', level: null };
    case 'weight':
      return weight === 0
        ? { kind: 'drain', level: 0 }
        : { kind: 'weight', level: weight === 1 ? null : (weight ?? null) };
    case 'capacity':
      return { kind: 'capacity', level: typeof capacity === 'number' ? capacity : null };
    default:
      return verb satisfies never;
  }
}

function scopeProblems({ cloud, region, service, endpoint }: Given, clouds: readonly Cloud[]): readonly string[] {
  const unknown = unknownCloud(cloud, clouds);
  if (unknown !== undefined) return [`cloud ${unknown}`];
  if ((cloud === undefined) === (endpoint === undefined)) {
    return ['it must name either a cloud, with a region if you like, or an endpoint'];
  }
  if (endpoint === undefined || (region === undefined && service === undefined)) return [];
  return ['region and service go with a cloud; the id of an endpoint says both'];
}

function saidProblems({ reason, for: forMs }: Given, level: number | null): readonly string[] {
  if (level !== null) {
    return reason === undefined ? ['reason is missing; everybody who looks at the fleet will want to know'] : [];
  }
  return forMs === undefined ? [] : ['for is for what ends by itself; what is lifted stays lifted'];
}

function scopeOf({ cloud, region, service, endpoint }: Given): OverrideScope {
  if (cloud === undefined) return { endpoint: endpoint ?? '' };
  return { cloud, ...(region === undefined ? {} : { region }), ...(service === undefined ? {} : { service }) };
}

function inWords({ path, message }: Fault): string {
  return `${path.length === 0 ? 'it' : pathText(path)} ${message}`;
}
