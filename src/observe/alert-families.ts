import type { Alert } from './alert.ts';
import type { CourierStatus } from './alert-courier.ts';
import type { Family, Sample } from './family.ts';

/** Alerts, and who can be notified of them: a sink that is down is itself something to know. */
export function alertFamilies(
  alerts: () => readonly Alert[],
  sinks: () => readonly CourierStatus[],
): readonly Family[] {
  const bySink = (value: (status: CourierStatus) => number) => (): readonly Sample[] =>
    sinks().map((status) => ({ labels: { sink: status.sink }, value: value(status) }));
  return [
    {
      name: 'meridian_alerts_firing',
      help: 'Alerts that fire now, those included that are suppressed because another alert says the same of more.',
      type: 'gauge',
      samples: () =>
        (['critical', 'warning'] as const).map((severity) => ({
          labels: { severity },
          value: alerts().filter(({ state, finding }) => state === 'firing' && finding.severity === severity).length,
        })),
    },
    {
      name: 'meridian_alerts_sink_up',
      help: '1 when the last delivery to the sink succeeded, or there was none yet; 0 otherwise.',
      type: 'gauge',
      samples: bySink(({ up }) => (up ? 1 : 0)),
    },
    {
      name: 'meridian_alerts_waiting',
      help: 'Messages that wait to be delivered to the sink.',
      type: 'gauge',
      samples: bySink(({ waiting }) => waiting),
    },
    {
      name: 'meridian_alerts_deliveries_total',
      help: 'Deliveries to the sink by result: delivered, failed (to be tried again), refused (given up).',
      type: 'counter',
      samples: () =>
        sinks().flatMap((status) =>
          (['delivered', 'failed', 'refused'] as const).map((result) => ({
            labels: { sink: status.sink, result },
            value: status[result],
          })),
        ),
    },
    {
      name: 'meridian_alerts_dropped_total',
      help: 'Messages that were dropped because too many waited for the sink.',
      type: 'counter',
      samples: bySink(({ dropped }) => dropped),
    },
  ];
}
