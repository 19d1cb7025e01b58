import { expect, onTestFinished, test, vi } from 'vitest';
import { startMeridian } from '../../src/compose.ts';
import { loadTopology } from '../../src/config/load.ts';
import type { Event } from '../../src/table/event.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryFolder } from '../support/process.ts';

/** No resolver knows `.invalid` (RFC 6761): only what the threads are told leads anywhere. */
const YAML = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2 }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
retries: { attempts: 1 }
breakers: { failures: 255 }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://shop.invalid:80", resolve: system }]
`;
const ID = 'shop/aws/us-east-1/shop.invalid:80';

test('addresses reach every edge thread, also one that is started later', async () => {
  const parsed = await loadTopology(temporaryFolder().write('meridian.yaml', YAML), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: Event[] = [];
  const onEvent = (event: Event) => void events.push(event);
  const { threads, edge, stop } = await startMeridian({ topology: parsed.topology, env: {}, onEvent });
  onTestFinished(stop);
  const [old, next] = [await startOrigin('old'), await startOrigin('next')];
  const tell = (port: number) => threads.setAddresses({ [ID]: [{ host: '127.0.0.1', port }] });
  const bodies = async () => {
    const replies = await Promise.all(Array.from({ length: 24 }, () => ask(edge.port)));
    return [...new Set(replies.map(({ body }) => body))];
  };
  expect((await ask(edge.port)).status).toBeGreaterThanOrEqual(502);
  tell(old.port);
  await vi.waitFor(async () => expect(await bodies()).toEqual(['old']), { timeout: 5000 });
  tell(next.port);
  await vi.waitFor(async () => expect(await bodies()).toEqual(['next']), { timeout: 5000 });
  await threads.kill(0);
  await vi.waitFor(() => expect(events.filter(({ type }) => type === 'worker-started')).toHaveLength(3), {
    timeout: 10_000,
  });
  expect(await bodies()).toEqual(['next']);
});
