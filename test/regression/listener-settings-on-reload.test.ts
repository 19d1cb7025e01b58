import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { Forwarder } from '../../src/edge/general/forwarder.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { dial, readToEnd } from '../support/raw-http.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';
import { topologyOf } from '../support/topology.ts';

// Limits of the listener used to stay as the first file had them, some of them without a word.

async function reloadable(engine: (yaml: string) => string) {
  const origin = await startOrigin('x');
  const yaml = (edge = '', service = '') =>
    engine(threeCloudsYaml([origin.port, origin.port, origin.port], service)).replace('id: test,', `id: test, ${edge}`);
  const rig = await startRig(yaml());
  const { placement } = rig;
  const reload = (edge: string, service?: string) =>
    rig.edge.deploy({
      topology: topologyOf(yaml(edge, service)),
      placement,
      addresses: {},
      authorities: {},
      clientPairs: {},
      listenerPem: {},
      ticketKeys: undefined,
    });
  return { rig, reload, origin };
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe.each([
  ['wire', (yaml: string) => yaml],
  ['general', withoutWire],
])('%s', (_, engine) => {
  test('keep_alive', async () => {
    const { rig, reload } = await reloadable(engine);
    reload('keep_alive: 1s,');
    const socket = await dial(rig.port);
    socket.write(GET);
    expect(await readToEnd(socket)).toMatch(/keep-alive: timeout=1\r\n/i);
  });

  test('head_timeout', async () => {
    const { rig, reload } = await reloadable(engine);
    reload('head_timeout: 100ms,');
    expect(await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('connections', async () => {
    const { rig, reload } = await reloadable(engine);
    reload('connections: 1,');
    await dial(rig.port);
    const refused = connect(rig.port, '127.0.0.1').resume();
    await new Promise((resolve) => refused.once('close', resolve).on('error', () => {}));
    rig.edge.flush();
    expect(rig.events).toContainEqual({ type: 'connections-dropped', reason: 'limit', count: 1 });
  });
});

test('accelerator: off takes over open connections at their next request, and on is on for the next connection', async () => {
  const { rig, reload } = await reloadable((yaml) => yaml);
  const general = vi.spyOn(Forwarder.prototype, 'launch');
  const socket = await dial(rig.port);
  const next = async () => {
    socket.write(GET);
    await new Promise((resolve) => socket.once('data', resolve));
  };
  await next();
  expect(general).not.toHaveBeenCalled();
  reload('accelerator: off,');
  await next();
  await ask(rig.port);
  expect(general).toHaveBeenCalledTimes(2);
  reload('accelerator: on,');
  await ask(rig.port);
  expect(general).toHaveBeenCalledTimes(2);
});
