import type { Path } from './problem.ts';
import type { Backend, Endpoint, Service, Topology } from './topology.ts';
import type { EndpointPolicy } from './topology-policy.ts';

/**
 * Who has endpoints: each backend, and each service that sends to no backend. Their names are those in ids of endpoints and in
 * `Endpoint.service`; whoever goes through these sees each row of the table once.
 */
export function ownersOf({ services, backends }: Pick<Topology, 'services' | 'backends'>): readonly Backend[] {
  if (backends === undefined) return services;
  return [...backends, ...services.filter((service) => service.backends === undefined)];
}

/** Every endpoint of a topology, once. */
export function endpointsOf(topology: Pick<Topology, 'services' | 'backends'>): readonly Endpoint[] {
  return ownersOf(topology).flatMap(({ endpoints }) => endpoints);
}

/** By what an endpoint that a service sends to is reached, asked and left alone. */
export function policyOf(
  service: EndpointPolicy & Pick<Service, 'backends'>,
  { service: owner }: Pick<Endpoint, 'service'>,
): EndpointPolicy {
  return service.backends?.find(({ name }) => name === owner) ?? service;
}

/** Where an owner stands in the file. */
export function pathOfOwner({ backends }: Pick<Topology, 'backends'>, name: string): Path {
  return [backends?.some((backend) => backend.name === name) ? 'backends' : 'services', name];
}

/** The services that send to the endpoints of an owner, by their names. */
export function servicesOf({ services }: Pick<Topology, 'services'>, owner: string): readonly string[] {
  return services
    .filter(({ name, backends }) =>
      backends === undefined ? name === owner : backends.some((one) => one.name === owner),
    )
    .map(({ name }) => name);
}

/** Whether any service that sends to an owner's endpoints goes by the load that they report. */
export function believesReports(topology: Pick<Topology, 'services'>, owner: string): boolean {
  const users = servicesOf(topology, owner);
  return topology.services.some(({ name, routing }) => routing.load === 'reported' && users.includes(name));
}
