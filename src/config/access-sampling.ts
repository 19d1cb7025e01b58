import { duration } from './duration.ts';
import { type Kind, mustBe, right } from './kind.ts';
import { asMapping, isMapping } from './raw.ts';
import { flag } from './scalars.ts';
import { share } from './share.ts';

/** What is written of every such request, however small the sample is. */
export const ALWAYS = ['errors', 'failovers', 'slow'] as const;
export type Always = (typeof ALWAYS)[number];

/** Which requests the access log has a line for. */
export type AccessSampling = {
  /** The share of requests, 0 to 1. */
  readonly sample: number;
  readonly always: readonly Always[];
  /** From how long on a request is slow. */
  readonly slowMs: number;
};

const EXPECTED = 'true or false, or a mapping such as { sample: 1%, always: [errors, failovers, slow] }';
const SLOW = duration({ min: '1ms', max: '1h' });
const KEYS: readonly string[] = ['sample', 'always', 'slow'];

/** `log.access`: every request, none, or a share of them and all that went wrong. */
export const accessSampling: Kind<boolean | AccessSampling> = {
  expected: EXPECTED,
  json: {
    anyOf: [
      { type: 'boolean' },
      {
        type: 'object',
        additionalProperties: false,
        required: ['sample'],
        properties: {
          sample: share.json,
          always: { type: 'array', items: { enum: ALWAYS } },
          slow: SLOW.json,
        },
      },
    ],
  },
  read(value) {
    if (!isMapping(value)) return flag.read(value);
    const { sample, always = ALWAYS, slow = '1s', ...unknown } = asMapping(value);
    const [strange] = Object.keys(unknown);
    if (strange !== undefined) {
      return {
        ok: false,
        faults: [{ path: [strange], message: `is no key of this block; its keys are ${KEYS.join(', ')}`, part: 'key' }],
      };
    }
    const [shared, late] = [share.read(sample), SLOW.read(slow)];
    if (!shared.ok) return under('sample', shared.faults);
    if (!late.ok) return under('slow', late.faults);
    if (!isAlways(always))
      return under('always', [{ path: [], message: mustBe(`a list of ${ALWAYS.join(', ')}`, always) }]);
    return right({ sample: shared.value, always, slowMs: late.value });
  },
};

function isAlways(value: unknown): value is readonly Always[] {
  return Array.isArray(value) && value.every((one) => ALWAYS.includes(one as Always));
}

function under(
  key: string,
  faults: readonly { readonly path: readonly (string | number)[]; readonly message: string }[],
) {
  return { ok: false, faults: faults.map(({ path, message }) => ({ path: [key, ...path], message })) } as const;
}
