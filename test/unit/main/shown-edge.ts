import type { EndpointStatus, Status } from '../../../src/compose/status.ts';
import type { EdgeView } from '../../../src/main/edge-view.ts';

export function endpoint(id: string, more: Partial<EndpointStatus> = {}): EndpointStatus {
  const [service = '', cloud = '', region = ''] = id.split('/');
  return {
    id,
    service,
    cloud,
    region,
    state: 'healthy',
    health: 1,
    latencyMs: 12,
    errorRate: 0,
    inFlight: 2,
    fleetInFlight: 0,
    capacity: 500,
    capacityInFile: 500,
    drained: false,
    weight: 1,
    seen: {} as EndpointStatus['seen'],
    breaker: 'closed',
    requests: 100,
    errors: 1,
    tries: 101,
    ...more,
  };
}

export function view(status: Partial<Status> = {}): EdgeView {
  const endpoints = [
    endpoint('shop/aws/us-east-1/a:80'),
    endpoint('shop/gcp/europe-west1/b:80', {
      state: 'unhealthy',
      health: 0,
      breaker: 'open',
      drained: true,
      latencyMs: null,
    }),
  ];
  const clouds: Status['clouds'] = [
    { service: 'shop', cloud: 'aws', breaker: 'closed' },
    { service: 'shop', cloud: 'gcp', breaker: 'open' },
  ];
  return { edge: { id: 'iad-1', region: 'aws/us-east-1' }, status: { endpoints, clouds, overrides: [], ...status } };
}
