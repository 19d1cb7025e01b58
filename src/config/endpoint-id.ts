import { addressText } from './authority.ts';
import type { Cloud } from './topology-cloud.ts';
import type { EndpointUrl } from './topology-endpoint.ts';

/**
 * The name by which rows of the endpoint table are kept over a reload: `service/cloud/region/host:port`, with the base
 * path behind it when there is one. An IPv6 host is in brackets.
 */
export function endpointId(of: {
  /** Or the backend, where several services share it. */
  readonly service: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly url: EndpointUrl;
}): string {
  const { host, port, basePath } = of.url;
  return `${of.service}/${of.cloud}/${of.region}/${addressText(host, port)}${basePath}`;
}

/** The service or backend of an endpoint, by its id; undefined when that is none. Neither has a `/` in its name. */
export function serviceOfEndpoint(id: string): string | undefined {
  const end = id.indexOf('/');
  return end > 0 ? id.slice(0, end) : undefined;
}

/** Where an endpoint is, by its id, whatever service or backend it belongs to: `cloud/region/host:port`, and its base path. */
export function placeOfEndpoint(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
