import { country } from './country-kind.ts';
import { endpointUrl } from './endpoint-url.ts';
import { decimal, integer, matching, oneOf } from './scalars.ts';
import { CLOUDS } from './topology-cloud.ts';
import { UPSTREAM_PROTOCOLS } from './topology-endpoint.ts';
import { block, key, needed, optional } from './zod-schema.ts';

/** A cloud by its short name. */
export const CLOUD = oneOf(CLOUDS, {
  amazon: 'aws',
  'amazon web services': 'aws',
  google: 'gcp',
  'google cloud': 'gcp',
  gcloud: 'gcp',
  microsoft: 'azure',
  az: 'azure',
});

/** One endpoint of a service. */
export const ENDPOINT = block('One regional endpoint.', {
  cloud: needed(CLOUD, 'The cloud that it runs on; a cloud is a failure domain.'),
  region: needed(
    matching('the code of a region such as us-east-1', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
    'A known region of the cloud, or any name together with lat and lon.',
  ),
  url: needed(
    endpointUrl,
    'http or https, host, port (80 or 443 when left out), and a path put before that of requests.',
  ),
  capacity: key(integer(1, 10_000_000), 100, 'Requests in flight that it is built for.'),
  lat: optional(decimal(-90, 90), 'Degrees north; only together with lon. Overrides where the region is known to be.'),
  lon: optional(decimal(-180, 180), 'Degrees east; only together with lat.'),
  country: optional(
    country,
    'Country that it stands in, where its region does not say it or says another; what fences go by.',
  ),
  resolve: key(
    oneOf(['auto', 'dns', 'srv', 'system']),
    'auto',
    "How the host's addresses are found: auto asks DNS, then the system's hosts file; srv follows SRV records.",
  ),
  protocol: key(
    oneOf(UPSTREAM_PROTOCOLS),
    'h1',
    'What is spoken with it: HTTP/1.1, HTTP/2 (h2 with https, h2c with http), or with https what it prefers (auto).',
  ),
});
