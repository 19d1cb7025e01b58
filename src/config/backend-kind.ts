import { type Fault, type Kind, mustBe, type Read, right } from './kind.ts';
import { isMapping } from './raw.ts';
import { integer, matching } from './scalars.ts';
import { share } from './share.ts';
import { didYouMean } from './suggest.ts';
import { TIERS_MAX } from './topology-shares.ts';

/** A backend as a service sends to it. */
export type BackendUse = {
  readonly name: string;
  /** Times the weight of each of its endpoints. */
  readonly weight: number;
  /** Where its first tier is among those of the service. */
  readonly tier: number;
};

/** Backends that one service may send to. */
export const BACKENDS_MAX = 32;

/** Names of services and backends go into metric labels and endpoint ids, so they stay short and plain. */
export const OWNER_NAME = matching(
  'letters, digits, ".", "_" and "-", at most 63',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
);

const TIER = integer(1, TIERS_MAX);
const EXPECTED = 'the name of a backend, or a list of names and of mappings such as { name: eu, weight: 50%, tier: 2 }';

const ONE = [
  OWNER_NAME.json,
  {
    type: 'object',
    properties: { name: OWNER_NAME.json, weight: share.json, tier: TIER.json },
    required: ['name'],
    additionalProperties: false,
  },
];

/** `backend` of a service: a name, or several, each with what it is to this service. */
export const backendUses: Kind<readonly BackendUse[]> = {
  expected: EXPECTED,
  json: { anyOf: [...ONE, { type: 'array', minItems: 1, maxItems: BACKENDS_MAX, items: { anyOf: ONE } }] },
  read(value) {
    if (!Array.isArray(value)) {
      const read = readUse(value, []);
      return read.ok ? right([read.value]) : read;
    }
    if (value.length === 0) return fail([], `is an empty list; it must be ${EXPECTED}`);
    if (value.length > BACKENDS_MAX) return fail([], `has ${value.length} backends; at most ${BACKENDS_MAX} fit`);
    const uses: BackendUse[] = [];
    const faults: Fault[] = [];
    for (const [index, item] of value.entries()) {
      const read = readUse(item, [index]);
      if (read.ok) uses.push(read.value);
      else faults.push(...read.faults);
    }
    return faults.length > 0 ? { ok: false, faults } : right(uses);
  },
};

function readUse(value: unknown, path: Fault['path']): Read<BackendUse> {
  if (!isMapping(value)) {
    const read = OWNER_NAME.read(value);
    return read.ok ? right({ name: read.value, weight: 1, tier: 1 }) : fail(path, mustBe(EXPECTED, value));
  }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return unknownKey(unknown, path);
  const name = OWNER_NAME.read(value['name']);
  if (!name.ok) return fail([...path, 'name'], name.faults[0]?.message ?? '');
  const weight = share.read(value['weight'] ?? 1);
  if (!weight.ok) return fail([...path, 'weight'], weight.faults[0]?.message ?? '');
  const tier = TIER.read(value['tier'] ?? 1);
  if (!tier.ok) return fail([...path, 'tier'], tier.faults[0]?.message ?? '');
  return right({ name: name.value, weight: weight.value, tier: tier.value });
}

function unknownKey(key: string, path: Fault['path']): Read<BackendUse> {
  const guess = didYouMean(key, KEYS);
  const message = `is no key of this block${guess === '' ? `; its keys are ${KEYS.join(', ')}` : guess}`;
  return { ok: false, faults: [{ path: [...path, key], message, part: 'key' }] };
}

const KEYS = ['name', 'weight', 'tier'];

function fail(path: Fault['path'], message: string): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults: [{ path, message }] };
}
