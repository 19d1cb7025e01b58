import { DURATION_BOUNDS_S, DURATION_CELLS } from '../table/service-cells.ts';
import { OUTCOMES } from '../table/worker-block.ts';
import { type Family, NONE, type Sample } from './family.ts';
import { histogramSamples } from './histogram.ts';
import { CELL, type SpotReading } from './request-totals.ts';

/** What became of clients' requests and of the attempts that were made for them, by the region that they ended at. */
export function requestFamilies(read: () => readonly SpotReading[]): readonly Family[] {
  return [
    {
      name: 'requests_total',
      help: 'Client requests that were answered, by the endpoint that answered last. Errors are statuses from 500 up and broken bodies.',
      type: 'counter',
      samples: () => read().flatMap(requestSamples),
    },
    {
      name: DURATION,
      help: 'Time from the request of a client to the end of its answer.',
      type: 'histogram',
      samples: () => read().flatMap(durationSamples),
    },
    {
      name: 'meridian_attempts_total',
      help: 'Attempts at endpoints, by how each ended. One request may take several.',
      type: 'counter',
      samples: () => read().filter(isSomewhere).flatMap(attemptSamples),
    },
    {
      name: 'meridian_in_flight',
      help: 'Requests and upgraded streams that are at an endpoint now.',
      type: 'gauge',
      samples: () =>
        read()
          .filter(isSomewhere)
          .map(({ labels, inFlight }) => ({ labels: {}, sharedLabels: labels, value: inFlight })),
    },
  ];
}

const DURATION = 'request_duration_seconds';

function requestSamples({ labels, cells }: SpotReading): readonly Sample[] {
  return [
    { labels: { ...labels, status: 'success' }, value: cells[CELL.success] as number },
    { labels: { ...labels, status: 'error' }, value: cells[CELL.error] as number },
  ];
}

function durationSamples({ labels, cells }: SpotReading): readonly Sample[] {
  const buckets = cells.subarray(CELL.durations, CELL.durations + DURATION_CELLS);
  const sum = (cells[CELL.sumMs] as number) / 1000;
  return histogramSamples(DURATION, DURATION_BOUNDS_S, { labels, cells: buckets, sum });
}

function attemptSamples({ labels, cells }: SpotReading): readonly Sample[] {
  return OUTCOMES.map((outcome, i) => ({ labels: { ...labels, outcome }, value: cells[CELL.outcomes + i] as number }));
}

/** A request that reached no endpoint has no attempts. */
function isSomewhere({ labels }: SpotReading): boolean {
  return labels['cloud'] !== NONE;
}
