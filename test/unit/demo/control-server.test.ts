import { afterEach, expect, test } from 'vitest';
import { ControlServer } from '../../../src/demo/control-server.ts';
import { ask } from './ask.ts';

let server: ControlServer | undefined;
afterEach(() => server?.close());

const headers = { authorization: 'Bearer token' };

async function start(obey = async (verb: string, { name }: { name: string }) => `${verb} ${name}`) {
  server = await ControlServer.start('token', obey);
  return server.port;
}

test('it carries out an order, and says what was done', async () => {
  const port = await start();
  const { status, body } = await ask(port, { method: 'POST', path: '/kill?target=gcp', headers });
  expect([status, JSON.parse(body)]).toEqual([200, { demo: true, message: 'kill gcp' }]);
  expect((await ask(port, { headers })).status).toBe(200);
});

test.each([
  {},
  { authorization: '' },
  { authorization: 'Bearer tokem' },
  { authorization: 'Bearer token2' },
  { authorization: 'token' },
])('with %j nothing is done', async (wrong) => {
  const done: string[] = [];
  const port = await start(async (verb) => `${done.push(verb)}`);
  expect((await ask(port, { method: 'POST', path: '/kill?target=gcp', headers: wrong })).status).toBe(401);
  expect(done).toEqual([]);
});

test.each([
  ['GET', '/kill?target=gcp', 404],
  ['POST', '/explode?target=gcp', 404],
  ['POST', '//', 404],
  ['POST', '/kill', 400],
  ['POST', '/kill?target=ibm', 400],
])('%s %s is %d', async (method, path, status) => {
  const port = await start();
  expect((await ask(port, { method, path, headers })).status).toBe(status);
});

test('what does not work is said', async () => {
  const port = await start(async () => {
    throw new Error('no port');
  });
  const { status, body } = await ask(port, { method: 'POST', path: '/revive?target=aws', headers });
  expect([status, JSON.parse(body)]).toEqual([500, { demo: true, message: 'no port' }]);
});
