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
    since: null,
    reason: null,
    check: { last: null, outcome: null, error: null, next: null },
    health: 1,
    latencyMs: 12,
    errorRate: 0,
    inFlight: 2,
    fleetInFlight: 0,
    capacity: 500,
    capacityInFile: 500,
    drained: false,
    insecure: false,
    weight: 1,
    reportedLoad: null,
    seen: {} as EndpointStatus['seen'],
    breaker: 'closed',
    breakerSince: null,
    breakerBy: null,
    breakerCause: null,
    requests: 100,
    errors: 1,
    tries: 101,
    ...more,
  };
}

const PROCESS: Status['process'] = {
  id: 'iad-1',
  version: '1.2.3',
  node: '26.0.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  uptimeSeconds: 60,
  config: { file: 'meridian.yaml', hash: 'abc', since: '2026-01-01T00:00:00.000Z', restartNeeded: [] },
};

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
    { service: 'shop', cloud: 'aws', breaker: 'closed', breakerSince: null, breakerBy: null, breakerCause: null },
    { service: 'shop', cloud: 'gcp', breaker: 'open', breakerSince: null, breakerBy: null, breakerCause: null },
  ];
  return {
    edge: { id: 'iad-1', region: 'aws/us-east-1' },
    status: { process: PROCESS, endpoints, clouds, overrides: [], certificates: [], ...status },
  };
}
