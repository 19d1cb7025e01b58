import { addressText } from './authority.ts';
import type { Cloud } from './topology-cloud.ts';
import type { EndpointUrl } from './topology-endpoint.ts';

/**
 * The name by which rows of the endpoint table are kept over a reload: `service/cloud/region/host:port`, with the base
 * path behind it when there is one. An IPv6 host is in brackets.
 */
export function endpointId(of: {
  readonly service: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly url: EndpointUrl;
}): string {
  const { host, port, basePath } = of.url;
  return `${of.service}/${of.cloud}/${of.region}/${addressText(host, port)}${basePath}`;
}

/** The service of an endpoint, by its id; undefined when that is none. No service has a `/` in its name. */
export function serviceOfEndpoint(id: string): string | undefined {
  const end = id.indexOf('/');
  return end > 0 ? id.slice(0, end) : undefined;
}
