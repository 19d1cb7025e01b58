/*
 * Makes docs/top.svg, the picture of `meridian top` in the README, from a running edge:
 *
 *   npm run picture
 *
 * Six origins on loopback, an edge in front of them, and clients all over the world; one region is stopped, and what `top` shows some
 * seconds later is drawn. It takes half a minute.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Origins } from '../src/demo/origins.ts';
import { DEMO_REGIONS } from '../src/demo/regions.ts';
import { TARGETS, type Target } from '../src/demo/target.ts';
import { Traffic } from '../src/demo/traffic.ts';
import { startDemoEdge } from '../src/main/demo-edge.ts';
import { TopReader } from '../src/main/top.ts';
import { topScreen } from '../src/main/top-screen.ts';
import { monotonicMs, systemClock, systemRandom } from '../src/table/system-clock.ts';
import { svgOf } from './picture/svg.ts';

const PICTURE = new URL('../docs/top.svg', import.meta.url);
const STOPPED = 'gcp/europe-west1';
const ROWS = 18;
const COLUMNS = 160;
const WARM_MS = 8000;
/** Alerts are looked for every second here, and told of at once. */
const ALERTS = 'alerts: { interval: 1s }';

const origins = new Origins(DEMO_REGIONS, () => 0);
await origins.start();
const edge = await startDemoEdge(origins.ports(), 0, ALERTS);
const traffic = new Traffic({
  host: '127.0.0.1',
  port: edge.meridian.edge.port,
  rate: 120,
  clock: systemClock(monotonicMs()),
  random: systemRandom,
  onFailure: () => {},
  onEnd: () => {},
});
try {
  traffic.start();
  await sleep(WARM_MS);
  await origins.apply('kill', TARGETS.find(({ name }) => name === STOPPED) as Target);
  const reader = new TopReader({ url: edge.adminUrl, token: '' }, undefined);
  let state = await reader.read();
  for (let reading = 0; reading < 12; reading += 1) {
    await sleep(1000);
    state = await reader.again(state);
  }
  const shown = { ...state, url: 'http://127.0.0.1:9901' };
  writeFileSync(
    PICTURE,
    svgOf(topScreen(shown, { rows: ROWS, columns: COLUMNS }), 'meridian top, seconds after a region was stopped'),
  );
} finally {
  await traffic.stop(1000);
  await edge.stop();
  await origins.stop();
}
