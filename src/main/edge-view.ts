import type { EndpointStatus, Status } from '../compose/status.ts';
import type { Style } from '../demo/line.ts';
import { type AdminTarget, askAdmin } from './admin-client.ts';
import type { Cell } from './text-table.ts';

/** What a command that shows an edge knows of it: who it is, and how its endpoints are. */
export type EdgeView = { readonly edge: EdgeName; readonly status: Status };
/** `region` is as the file says it, `aws/us-east-1`; empty where it does not. */
export type EdgeName = { readonly id: string; readonly region: string };

/** What is used of the topology that an edge shows. */
type ShownTopology = {
  readonly edge: { readonly id: string; readonly cloud?: string | null; readonly region?: string | null };
};

/** Asks an edge how it is, and its endpoints; of one service only if it is named. Throws when there is no such service. */
export async function viewEdge(target: AdminTarget, service: string | undefined): Promise<EdgeView> {
  const [topology, status] = await Promise.all([
    askAdmin<ShownTopology>(target, '/topology'),
    askAdmin<Status>(target, '/status'),
  ]);
  const { id, cloud, region } = topology.edge;
  const where = [cloud ?? '', region ?? ''].filter((word) => word !== '').join('/');
  return { edge: { id, region: where }, status: service === undefined ? status : ofService(status, service) };
}

/** Only what is said of one service. */
export function ofService(status: Status, service: string): Status {
  const names = [...new Set(status.endpoints.flatMap((endpoint) => [endpoint.service, ...(endpoint.services ?? [])]))];
  if (!names.includes(service)) throw new Error(`no service "${service}"; there are: ${names.join(', ')}`);
  const endpoints = status.endpoints.filter(
    (endpoint) => endpoint.service === service || endpoint.services?.includes(service) === true,
  );
  const owners = new Set(endpoints.map((endpoint) => endpoint.service));
  return {
    ...status,
    endpoints,
    clouds: status.clouds.filter((cloud) => owners.has(cloud.service)),
  };
}

const STATE_STYLE: Readonly<Record<EndpointStatus['state'], Style>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  unknown: 'dim',
};

/** The state of an endpoint, coloured by how good it is. */
export function stateCell({ state }: Pick<EndpointStatus, 'state'>): Cell {
  return { text: state, style: STATE_STYLE[state] };
}

/** The state of a breaker, coloured where it is not closed. */
export function breakerCell(breaker: EndpointStatus['breaker']): Cell {
  return breaker === 'closed' ? breaker : { text: breaker, style: 'warn' };
}

/** What operators have to do with an endpoint, in a few words. */
export function orderText({ drained, weight, capacity, capacityInFile }: EndpointStatus): string {
  const notes = [
    ...(drained ? ['drained'] : []),
    ...(weight < 1 ? [`weight ${weight}`] : []),
    ...(capacity !== capacityInFile ? [`capacity ${capacity} (${capacityInFile} in the file)`] : []),
  ];
  return notes.join(', ');
}

/** Breakers of whole clouds that are not closed: `shop/gcp open`. */
export function cloudText({ clouds }: Pick<Status, 'clouds'>): readonly string[] {
  return clouds
    .filter(({ breaker }) => breaker !== 'closed')
    .map(({ service, cloud, breaker }) => `${service}/${cloud} ${breaker}`);
}
