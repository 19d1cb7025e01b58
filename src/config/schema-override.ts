import { CLOUD } from './cloud-kind.ts';
import { duration } from './duration.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { decimal, either, flag, integer, matching, oneOf, text } from './scalars.ts';
import { share } from './share.ts';
import { block, key, needed, optional } from './zod-schema.ts';

/** Texts that people write about what they do. They are kept by every edge and printed in tables. */
export const ACTOR_CHARS_MAX = 64;
export const REASON_CHARS_MAX = 256;

/** An override without an end is forever, so a longer one need not be possible. */
const FOR = duration({ min: '1s', max: '8760h' });

const SCOPE = {
  cloud: optional(CLOUD, 'The endpoints of this cloud.'),
  region: optional(text('the name of a region'), 'Together with cloud: those in this region of it.'),
  service: optional(text('the name of a service'), 'Together with cloud: only those of this service.'),
  endpoint: optional(text('the id of an endpoint, as /status shows it'), 'One endpoint; without cloud.'),
};

const SAID = {
  actor: key(line(ACTOR_CHARS_MAX), 'operator', 'Who does it.'),
  reason: optional(line(REASON_CHARS_MAX), 'Why; needed for everything that is not lifted.'),
};

const HELD = { ...SCOPE, ...SAID, for: optional(FOR, 'It ends by itself after this time; left out, it is forever.') };

/** A number, or a percentage as in the file. */
const WEIGHT: Kind<number> = {
  ...decimal(0, 1),
  json: share.json,
  read: (value) => (typeof value === 'string' ? share.read(value) : decimal(0, 1).read(value)),
};

const FORCE = key(flag, false, 'Do it though it leaves a service without an endpoint.');

/** Bodies of `POST /drain`, `/undrain`, `/weight` and `/capacity`. */
export const OVERRIDE_BODIES = {
  drain: block('Send nothing to these endpoints.', { ...HELD, force: FORCE }),
  undrain: block('Send to these endpoints again.', { ...SCOPE, ...SAID }),
  weight: block('Send only a share of requests to these endpoints.', {
    ...HELD,
    force: FORCE,
    weight: needed(WEIGHT, 'The share of the requests that they would have had; 0 is a drain, 1 lifts it.'),
  }),
  capacity: block('Take these endpoints to be built for another number of requests in flight.', {
    ...HELD,
    capacity: needed(
      either(oneOf(['configured']), integer(1, 10_000_000)),
      'Requests in flight, for each of the endpoints; "configured" lifts it.',
    ),
  }),
} as const;

/** A text of one line that a table can show. */
function line(charsMax: number): Kind<string> {
  const expected = `a text of one line, at most ${charsMax} characters`;
  const form = matching(expected, /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
  return {
    ...form,
    read: (value) =>
      typeof value === 'string' && value.trim().length > 0 && value.length <= charsMax && form.read(value).ok
        ? right(value.trim())
        : wrong(mustBe(expected, value)),
  };
}
