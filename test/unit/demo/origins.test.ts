import { afterEach, expect, test } from 'vitest';
import { Origins } from '../../../src/demo/origins.ts';
import { DEMO_REGIONS } from '../../../src/demo/regions.ts';
import { parseTarget, type Target } from '../../../src/demo/target.ts';
import { ask } from './ask.ts';

let origins = new Origins([], () => 0);
afterEach(() => origins.stop());

const target = (text: string) => parseTarget(text) as Target;
const refuses = (port: number) =>
  ask(port).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED',
  );

test('a cloud is stopped and revived as one', async () => {
  origins = new Origins(
    DEMO_REGIONS.map((region) => ({ ...region, rttMs: 0 })),
    () => 0,
  );
  await origins.start();
  const ports = origins.ports();
  expect(new Set(Object.values(ports)).size).toBe(6);
  expect(await origins.apply('kill', target('gcp'))).toBe('gcp was stopped: connections are reset, new ones refused');
  const refused = await Promise.all(Object.entries(ports).map(async ([id, port]) => [id, await refuses(port)]));
  expect(refused.filter(([, is]) => is).map(([id]) => id)).toEqual(['gcp/europe-west1', 'gcp/asia-northeast1']);
  expect(await origins.apply('revive', target('gcp'))).toBe('gcp was revived');
  expect(origins.ports()).toEqual(ports);
  const answer = await ask(ports['gcp/europe-west1'] ?? 0);
  expect(JSON.parse(answer.body)).toMatchObject({ cloud: 'gcp', region: 'europe-west1' });
});

test('a key stops what runs and revives what does not', async () => {
  origins = new Origins(DEMO_REGIONS, () => 0);
  await origins.start();
  const state = (id: string) => origins.states()[id];
  await origins.toggle('kill', target('gcp/europe-west1'));
  await origins.toggle('kill', target('gcp'));
  expect([state('gcp/europe-west1'), state('gcp/asia-northeast1')]).toEqual(['stopped', 'stopped']);
  await origins.toggle('kill', target('gcp'));
  expect([state('gcp/europe-west1'), state('gcp/asia-northeast1')]).toEqual(['running', 'running']);
  await origins.toggle('hang', target('aws/us-east-1'));
  expect(state('aws/us-east-1')).toBe('hung');
  await origins.toggle('hang', target('aws/us-east-1'));
  expect(state('aws/us-east-1')).toBe('running');
});

test('when one cannot start, none is left', async () => {
  const taken = new Origins(DEMO_REGIONS.slice(0, 1), () => 0);
  await taken.start();
  const port = Object.values(taken.ports())[0] ?? 0;
  origins = new Origins(DEMO_REGIONS, (index) => (index === 5 ? port : 0));
  await expect(origins.start()).rejects.toThrow('an origin cannot listen');
  expect(new Set(Object.values(origins.states()))).toEqual(new Set(['stopped']));
  await taken.stop();
});
