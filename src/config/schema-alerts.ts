import { duration } from './duration.ts';
import { flag, listOf, secret, text } from './scalars.ts';
import { secretUrl } from './secret-url.ts';
import { share } from './share.ts';
import { block, key, needed, optional, under } from './zod-schema.ts';

const URL_EXPECTED = 'an http or https URL without user and password';

/** Where a sink is. Its path is often a secret. */
const sinkUrl = secretUrl(URL_EXPECTED, ({ protocol, username, password, hash }) => {
  if (!/^https?:$/.test(protocol)) return 'has another scheme than http and https';
  if (username !== '' || password !== '') return 'has a user or a password';
  return hash === '' ? undefined : 'may have no "#"';
});

/** Where PagerDuty takes events unless the file says otherwise. */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

const HELD = duration({ min: '0s', max: '24h' });
const BEFORE = duration({ min: '1h', max: '8760h' });
const ENABLED = 'Whether this is alerted on.';
const FOR = 'It must have lasted this long before anybody is notified.';

const PLAIN = { enabled: key(flag, true, ENABLED), for: key(HELD, '0s', FOR) };
const rule = (doc: string) => block(doc, PLAIN);

/** Each of `alerts.rules`. */
export const ALERT_RULES = {
  health_critical: block('The health of an endpoint is very low (critical).', {
    ...PLAIN,
    below: key(share, 0.5, 'Health scores below are critical.'),
  }),
  health_warning: block('The health of an endpoint is low (warning).', {
    ...PLAIN,
    below: key(share, 0.8, 'Health scores below are worth a warning; not below that of health_critical.'),
  }),
  cloud_down: rule('Every endpoint of a cloud is critical: one alert for all of them (critical).'),
  breaker_open: rule('A circuit breaker is open (warning for that of an endpoint, critical for that of a cloud).'),
  cut_off: block('Endpoints are down as this edge sees them, and up as most edges of its fleet do (warning).', {
    ...PLAIN,
    for: key(HELD, '30s', `${FOR} The first edge that sees an outage is alone with it for a moment.`),
  }),
  edge_missing: block(
    'An edge of the fleet vanished without saying that it ends (warning; critical for a whole region).',
    {
      ...PLAIN,
      for: key(HELD, '30s', `${FOR} An edge that is restarted the hard way is back by then.`),
    },
  ),
  no_endpoints: rule('A service has no endpoint left that is not down or drained (critical).'),
  reload_failed: rule('The file has problems, so the one before is still in use (warning).'),
  budget_burn: rule('The error budget of a service burns too fast (critical or warning, by the windows).'),
  geo_old: block('The geo database is old (warning).', {
    ...PLAIN,
    older_than: key(duration({ min: '1h', max: '87600h' }), '2160h', 'Age from which on it is old; 2160h is 90 days.'),
  }),
  certificate_ends: block('A certificate that a listener shows ends soon (warning, then critical).', {
    ...PLAIN,
    warning_before: key(
      BEFORE,
      '504h',
      'So long before its end it is worth a warning, but not before three quarters of its lifetime are over; 504h is 21 days.',
    ),
    critical_before: key(
      BEFORE,
      '168h',
      'So long before its end it is critical, but not before eleven twelfths of its lifetime are over; 168h is 7 days.',
    ),
  }),
  acme_failing: rule(
    'A certificate that the edge obtains by itself could not be, three times in a row (warning; critical while there is none).',
  ),
} as const;

const RULES = block(
  'What is alerted on.',
  Object.fromEntries(Object.entries(ALERT_RULES).map(([name, { schema }]) => [name, under(schema)])) as {
    readonly [K in keyof typeof ALERT_RULES]: ReturnType<
      typeof under<NonNullable<(typeof ALERT_RULES)[K]['schema']['_output']>>
    >;
  },
);

const WEBHOOK = block('POST of JSON to any URL, signed as Standard Webhooks says.', {
  url: needed(sinkUrl, 'Where it is sent.'),
  secret: key(
    secret('a text'),
    '',
    'Key of the signature: any text, or whsec_ and base64. Empty: not signed. It is never printed.',
  ),
});
const ALERTMANAGER = block('The Alertmanager of Prometheus, by its API version 2.', {
  urls: needed(
    listOf(sinkUrl, 1, 8),
    'Every member of the cluster, such as http://alertmanager:9093; each gets every alert.',
  ),
});
const SLACK = block('A channel of Slack, by an incoming webhook.', {
  url: needed(sinkUrl, 'URL of the incoming webhook. It is never printed.'),
});
const PAGERDUTY = block('PagerDuty, by its Events API version 2.', {
  routing_key: needed(secret('a text'), 'Integration key of the service there. It is never printed.'),
  url: key(sinkUrl, PAGERDUTY_URL, 'Where events are sent; another one for accounts in the EU.'),
});

/** `alerts.sinks`. */
export const ALERT_SINKS = block('Who is notified.', {
  log: key(flag, true, 'The log: one line when an alert fires, one when it is resolved.'),
  webhook: under(WEBHOOK.schema),
  alertmanager: under(ALERTMANAGER.schema),
  slack: under(SLACK.schema),
  pagerduty: under(PAGERDUTY.schema),
});

/** `alerts`: what is watched, and who is notified. */
export const ALERTS = block('What is watched beside the requests, and who is notified.', {
  interval: key(duration({ min: '1s', max: '10m' }), '30s', 'Time between two looks at everything that is alerted on.'),
  resolve_after: key(
    duration({ min: '0s', max: '24h' }),
    '60s',
    'An alert is resolved when its cause has been gone for this long, so that what flaps is one notification.',
  ),
  timeout: key(duration({ min: '100ms', max: '1m' }), '5s', 'A sink must have answered within this time.'),
  state: optional(
    text('the path of a file'),
    'File in which alerts, undelivered messages and error budgets outlast a restart; nothing does without it.',
  ),
  rules: under(RULES.schema),
  sinks: under(ALERT_SINKS.schema),
});
