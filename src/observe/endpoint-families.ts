import type { EndpointSurvey, RegionSurvey, ServiceSurvey } from './endpoint-survey.ts';
import type { Family, Sample } from './family.ts';

/** How the endpoints are doing now. Gauges of an endpoint end with it; those of several in one region show the worst. */
export function endpointFamilies(survey: () => EndpointSurvey): readonly Family[] {
  const byRegion = (value: (region: RegionSurvey) => number | undefined) => () => regionSamples(survey(), value);
  return [
    {
      name: 'endpoint_health_score',
      help: 'Health score, 0 to 1: the mean of the three checks, 0 when the endpoint cannot be reached. The lowest of the endpoints there that are not drained; of all when all are.',
      type: 'gauge',
      samples: byRegion(({ health }) => health),
    },
    {
      name: 'meridian_endpoint_latency_seconds',
      help: 'First-byte latency from this edge, averaged over recent answers. The highest of the endpoints there; absent until measured.',
      type: 'gauge',
      samples: byRegion(({ latencyS }) => latencyS),
    },
    {
      name: 'meridian_endpoint_error_rate',
      help: 'Share of recent answers that failed, 0 to 1. The highest of the endpoints there.',
      type: 'gauge',
      samples: byRegion(({ errorRate }) => errorRate),
    },
    {
      name: 'meridian_endpoint_capacity',
      help: 'Requests in flight that the endpoints there are built for, in all.',
      type: 'gauge',
      samples: byRegion(({ capacity }) => capacity),
    },
    reportedLoad(byRegion(({ reportedLoad: load }) => load)),
    inFlightFamily(byRegion(({ inFlightMax }) => inFlightMax)),
    {
      name: 'meridian_endpoint_state',
      help: 'How many endpoints of the service there are in each state.',
      type: 'gauge',
      samples: () => survey().services.flatMap(stateSamples),
    },
    {
      name: 'meridian_endpoint_drained',
      help: 'How many endpoints of the service there an operator took out.',
      type: 'gauge',
      samples: () => survey().services.map((at) => ({ labels: whereabouts(at), value: at.drained })),
    },
    {
      name: 'meridian_endpoint_usable',
      help: 'How many endpoints of the service there may be sent to: neither unhealthy nor drained.',
      type: 'gauge',
      samples: () => survey().services.map((at) => ({ labels: whereabouts(at), value: at.usable })),
    },
    {
      name: 'meridian_endpoint_assigned_share',
      help: 'Share of the requests of the service that is assigned to the endpoints there, 0 to 1. Only with select: optimal.',
      type: 'gauge',
      samples: () => survey().services.flatMap(assignedSamples),
    },
    breakerFamily(() => breakerSamples(survey())),
  ];
}

function breakerFamily(samples: Family['samples']): Family {
  return {
    name: 'meridian_breaker_state',
    help: '0 closed, 1 half-open, 2 open. Scope endpoint: the highest of the endpoints there; scope cloud: the breaker above them, without a region.',
    type: 'gauge',
    samples,
  };
}

function reportedLoad(samples: Family['samples']): Family {
  return {
    name: 'meridian_endpoint_reported_load',
    help: 'What the endpoints there report of their own load, averaged over ten seconds; 1 is all that one can do. The highest of them; absent where nothing is reported, or it does not count.',
    type: 'gauge',
    samples,
  };
}

function inFlightFamily(samples: Family['samples']): Family {
  const help =
    'Requests that the endpoints there get from this edge at a time, in all, as was learned. Only with in_flight_max: learned.';
  return { name: 'meridian_endpoint_in_flight_max', help, type: 'gauge', samples };
}

function regionSamples(survey: EndpointSurvey, value: (region: RegionSurvey) => number | undefined): readonly Sample[] {
  return survey.regions.flatMap((at) => {
    const shown = value(at);
    return shown === undefined ? [] : [{ labels: { region: at.region, cloud: at.cloud }, value: shown }];
  });
}

function assignedSamples(at: ServiceSurvey): readonly Sample[] {
  return at.assigned === undefined ? [] : [{ labels: whereabouts(at), value: at.assigned }];
}

function stateSamples(at: ServiceSurvey): readonly Sample[] {
  return Object.entries(at.states).map(([state, value]) => ({ labels: { ...whereabouts(at), state }, value }));
}

function breakerSamples({ cloudBreakers, services }: EndpointSurvey): readonly Sample[] {
  return [
    ...cloudBreakers.map(({ service, cloud, state }) => ({
      labels: { scope: 'cloud', service, cloud, region: '' },
      value: state,
    })),
    ...services.map((at) => ({ labels: { scope: 'endpoint', ...whereabouts(at) }, value: at.breaker })),
  ];
}

function whereabouts({ service, cloud, region }: ServiceSurvey) {
  return { service, cloud, region };
}
