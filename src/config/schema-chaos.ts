import { CLOUD } from './cloud-kind.ts';
import { duration } from './duration.ts';
import { decimal, either, flag, integer, matching, oneOf, text } from './scalars.ts';
import { share } from './share.ts';
import { block, key, mapOf, needed, optional, under } from './zod-schema.ts';

/** A longer experiment is no experiment. */
const FOR = duration({ min: '1s', max: '24h' });

const NAME = matching(
  'lower-case letters, digits, ".", "_" and "-", at most 63, such as slow-gcp',
  /^[a-z0-9][a-z0-9._-]{0,62}$/,
);

/** `chaos.experiments.NAME.scope`: every key that is given must fit. */
export const CHAOS_SCOPE = block('Which tries it may touch; what is left out is every one.', {
  service: optional(text('the name of a service'), 'Only this service.'),
  cloud: optional(CLOUD, 'Only endpoints of this cloud.'),
  region: optional(text('the name of a region'), 'Only endpoints in this region.'),
  endpoint: optional(text('the id of an endpoint, as /status shows it'), 'Only this endpoint.'),
  priority: optional(text('the name of a priority'), 'Only requests with this routing priority.'),
});

const EXPERIMENT_KEYS = {
  kind: needed(
    oneOf(['latency', 'failure', 'partial'], { delay: 'latency', slow: 'latency', error: 'failure', abort: 'failure' }),
    'What it does to an attempt: latency delays it, failure fails it, partial cuts its answer short.',
  ),
  radius: needed(share, 'Blast radius: the share of the requests in its scope that it touches.'),
  for: key(FOR, '5m', 'It stops by itself after this time.'),
  scope: under(CHAOS_SCOPE.schema),
  delay: optional(duration({ min: '1ms', max: '1m' }), 'latency only: each attempt waits this long before it is sent.'),
  answer: optional(
    either(oneOf(['reset', 'refused']), integer(400, 599)),
    'failure only: what stands in for the endpoint, a status or a connection that is reset or refused; 503 when left out.',
  ),
  error_rate: optional(share, 'failure only: the share of the touched requests that fails; all of them when left out.'),
  keep: optional(share, 'partial only: this first share of a JSON array is kept; other bodies break off after it.'),
  autostart: key(flag, false, 'Whether it starts when this file is taken on; if not, the admin API starts it by name.'),
  health_checks: key(flag, false, 'Whether it touches health checks too.'),
};

/** `chaos.experiments.NAME`. */
export const CHAOS_EXPERIMENT = block(
  'A fault, how much of the traffic it may touch, and for how long.',
  EXPERIMENT_KEYS,
);

/** `chaos.guard`. */
export const CHAOS_GUARD = block('What stops an experiment before its time.', {
  burn_rate: key(
    decimal(1, 10_000),
    14.4,
    "Stop when a service's error budget burns more than this many times as fast as it may.",
  ),
  window: key(duration({ min: '1s', max: '5m' }), '10s', 'Over which the burn rate is taken.'),
  errors: key(integer(1, 1_000_000), 5, 'Bad answers in the window before a burn rate is believed.'),
  latency: key(
    duration({ min: '10ms', max: '10m' }),
    '10s',
    'A touched request whose answer comes later than this counts as a bad one, as one whose client leaves does.',
  ),
  health: key(share, 0.5, 'Stop when the mean health of a service is below; 0 is off.'),
});

/** `chaos`: experiments on live traffic. */
export const CHAOS = block(
  'Experiments: faults that are put in on purpose, to see that nobody notices. Off by default.',
  {
    enabled: key(flag, false, 'Whether any experiment may run, from this file or from the admin API.'),
    guard: under(CHAOS_GUARD.schema),
    experiments: under(mapOf(NAME, CHAOS_EXPERIMENT.schema, 'Experiments by name; at most 64.')),
  },
);

/** Body of `POST /chaos/start`: the name of an experiment of the file, or a whole one. */
export const CHAOS_START = block('An experiment to start.', {
  ...EXPERIMENT_KEYS,
  name: needed(NAME, 'Name of the experiment.'),
  kind: optional(oneOf(['latency', 'failure', 'partial']), 'Left out: the experiment of this name in the file.'),
  radius: optional(share, 'Blast radius.'),
  for: optional(FOR, 'It stops by itself after this time.'),
  fleet: key(flag, false, 'Whether it runs on every edge of the fleet that has chaos enabled.'),
});

/** Body of `POST /chaos/stop`. */
export const CHAOS_STOP = block('An experiment to stop.', {
  name: optional(NAME, 'Name of the experiment; left out, every one.'),
});
