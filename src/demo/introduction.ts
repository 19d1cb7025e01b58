import { curlLines } from './clients.ts';
import { DEMO_REGIONS, EDGE_REGION } from './regions.ts';
import { DEMO_DIFFERENCES } from './topology-text.ts';

export type Introduced = {
  readonly url: string;
  readonly adminUrl: string;
  /** Of the edge's configuration. */
  readonly file: string;
  readonly rate: number;
  /** Set when commands of a second terminal do not come here, and why. */
  readonly deaf: string | undefined;
};

/** What the demo says when it starts. */
export function introduction({ url, adminUrl, file, rate, deaf }: Introduced): string {
  const lines = [
    `Meridian stands in ${EDGE_REGION.cloud}/${EDGE_REGION.region} and serves ${url}`,
    `Behind it, on this machine, each as far away as it really is:`,
    ...DEMO_REGIONS.map(
      ({ id, place, rttMs }) => `  ${id.padEnd(20)} ${`${Math.round(rttMs)} ms`.padStart(7)}  ${place}`,
    ),
    `Clients of ten countries ask ${rate} times a second. Ask yourself, from Tokyo, Frankfurt and São Paulo:`,
    '',
    ...curlLines(url, Number.POSITIVE_INFINITY),
    '',
    deaf ?? 'Stop something from a second terminal, and bring it back:',
    ...(deaf === undefined ? ['', 'npm run demo -- kill gcp', 'npm run demo -- revive gcp', ''] : []),
    `Set for a demo: ${DEMO_DIFFERENCES}.`,
    `Configuration ${file}, metrics ${adminUrl}/metrics`,
  ];
  return `${lines.join('\n')}\n`;
}
