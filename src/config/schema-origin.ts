import { oneOf } from './scalars.ts';
import { ORIGIN_HOST } from './schema-endpoint.ts';
import { UPSTREAM_TLS } from './schema-origin-tls.ts';
import { SEND_PROXY } from './topology-endpoint.ts';
import { optional, under } from './zod-schema.ts';

/** How endpoints are spoken to: what a service and a backend say of their own alike. */
export const ORIGIN_KEYS = {
  host: optional(
    ORIGIN_HOST,
    'Host that endpoints are sent, in requests and health checks: client (that of the request), upstream (that of the url) or a name; client when left out.',
  ),
  tls: under(UPSTREAM_TLS.schema),
  send_proxy: optional(
    oneOf(SEND_PROXY),
    'Version of the PROXY header that begins each connection to an endpoint, before TLS, and tells who the client is; none when left out.',
  ),
};
