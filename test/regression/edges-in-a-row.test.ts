import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';

// Every edge without an id was called "edge", so that the second of two took the request for one that had been there before.

async function edgeBefore(port: number): Promise<{ port: number; id: string }> {
  const yaml = `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }] } }
`;
  const edge = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
  const found = await edge.printed(/serving 127\.0\.0\.1:(\d+) \(edge (\S+)\)/);
  return { port: Number(found[1]), id: found[2] as string };
}

test('two edges in a row with default ids are no loop, and endpoints do not see the host name', async () => {
  const origin = await startOrigin('through both');
  const second = await edgeBefore(origin.port);
  const first = await edgeBefore(second.port);
  expect(first.id).not.toBe(second.id);
  expect(await ask(first.port)).toMatchObject({ status: 200, body: 'through both' });
  const via = origin.seen.find(({ url }) => url === '/')?.rawHeaders.join(' ') ?? '';
  expect(via).toMatch(/1\.1 meridian-[\da-f]{8}, 1\.1 meridian-[\da-f]{8}/);
});
