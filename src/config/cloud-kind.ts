import { type Kind, mustBe, right, wrong } from './kind.ts';
import { didYouMean } from './suggest.ts';
import { CLOUD_NAME, CLOUDS, CLOUDS_MAX, type Cloud } from './topology-cloud.ts';

const EXPECTED = 'aws, gcp or azure, or one of clouds';

/** What people call the three, beside their short names. */
const ALSO_CALLED: Readonly<Record<string, Cloud>> = {
  amazon: 'aws',
  'amazon web services': 'aws',
  google: 'gcp',
  'google cloud': 'gcp',
  gcloud: 'gcp',
  microsoft: 'azure',
  az: 'azure',
};

/** A cloud by its short name. Whether there is such a cloud depends on the file: `unknownCloud` says. */
export const CLOUD: Kind<Cloud> = {
  expected: EXPECTED,
  json: { type: 'string', anyOf: [{ enum: [...CLOUDS] }, { pattern: CLOUD_NAME.source }] },
  read: (value) => (typeof value === 'string' ? right(value) : wrong(mustBe(EXPECTED, value))),
};

/** The name of a cloud of the file's own. */
export const OWN_CLOUD: Kind<Cloud> = {
  expected: 'lower-case letters, digits and "-", at most 32',
  json: { type: 'string', pattern: CLOUD_NAME.source },
  read: (value) =>
    typeof value === 'string' && CLOUD_NAME.test(value) ? right(value) : wrong(mustBe(OWN_CLOUD.expected, value)),
};

/** Clouds that one file may name in a list. */
export const CLOUDS_NAMED_MAX = CLOUDS_MAX;

/** What is wrong with the name of a cloud where these are the known ones; undefined when it is one of them, or left out. */
export function unknownCloud(name: Cloud | undefined, known: readonly Cloud[]): string | undefined {
  if (name === undefined || known.includes(name)) return undefined;
  const meant = Object.hasOwn(ALSO_CALLED, name.toLowerCase()) ? ALSO_CALLED[name.toLowerCase()] : undefined;
  const hint = meant === undefined ? didYouMean(name, known) : `; did you mean "${meant}"?`;
  const own = hint === '' && CLOUD_NAME.test(name) ? `; for a cloud of your own add clouds: { ${name}: {} }` : '';
  return mustBe(`${known.slice(0, -1).join(', ')} or ${known.at(-1)}`, name) + hint + own;
}
