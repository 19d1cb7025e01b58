import { CLOUD, CLOUDS_NAMED_MAX } from './cloud-kind.ts';
import { continent, countryOrGroup } from './country-kind.ts';
import { networkAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { listOf, matching, oneOf } from './scalars.ts';
import type { FenceStatus } from './topology-fence.ts';
import { block, key, neededUnder, optional, under } from './zod-schema.ts';

/** Fences of one service: which of them hold a client is one number. */
export const FENCES_MAX = 16;

const COUNTRIES_DOC = 'ISO 3166-1 codes; EU and EEA stand for their members.';

/** `services.NAME.fence.when`. */
export const FENCE_WHEN = block('Which clients it is for: those that any of these names. Left out, every client.', {
  countries: optional(listOf(countryOrGroup, 1, 256), `Where the client is. ${COUNTRIES_DOC}`),
  continents: optional(listOf(continent, 1, 7), 'Where the client is.'),
  cidrs: optional(listOf(networkAddress, 1, 1024), "The client's own address, or networks that it is in."),
});

/** `services.NAME.fence.only`. */
export const FENCE_ONLY = block('Which endpoints may serve them: those that all of these name.', {
  clouds: optional(listOf(CLOUD, 1, CLOUDS_NAMED_MAX), 'The cloud of the endpoint.'),
  regions: optional(
    listOf(
      matching('a region such as eu-central-1 or aws/eu-central-1', /^[A-Za-z0-9][A-Za-z0-9._/-]{0,126}$/),
      1,
      256,
    ),
    'The region of the endpoint, with or without its cloud before it.',
  ),
  countries: optional(listOf(countryOrGroup, 1, 256), `Where the endpoint is. ${COUNTRIES_DOC}`),
  continents: optional(listOf(continent, 1, 7), 'Where the endpoint is.'),
});

const OTHERWISE: Kind<FenceStatus> = {
  expected: '451 or 503',
  json: { enum: [451, 503] },
  read: (value) => (value === 451 || value === 503 ? right(value) : wrong(mustBe('451 or 503', value))),
};

/** One of `services.NAME.fence`. */
export const FENCE = block('Clients that only some endpoints may serve, whatever becomes of those.', {
  when: under(FENCE_WHEN.schema),
  only: neededUnder(FENCE_ONLY.schema),
  otherwise: key(OTHERWISE, 451, 'Status that such a client gets when none of them is left.'),
  unknown: key(
    oneOf(['inside', 'outside']),
    'inside',
    'Whether a client whose country nobody knows counts as one that when names by country or continent.',
  ),
});
