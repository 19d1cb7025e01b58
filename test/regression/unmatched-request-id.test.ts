import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

/*
 * A request that no service takes had the id `-` in the log and in its answer, so nobody could tell one from another, nor
 * find what a client complains of. It has an id like any other, the same in both places, on either engine.
 */
test.each(['on', 'off'])('with the accelerator %s', async (accelerator) => {
  const origin = await startOrigin('x');
  const ports = [origin.port, origin.port, origin.port] as const;
  const yaml = threeCloudsYaml(
    ports,
    '    match: { hosts: [known.example] }',
    'admin: { listen: "127.0.0.1:0" }',
  ).replace('edge: { id: test,', `edge: { id: test, accelerator: ${accelerator},`);
  const edge = run(['start', '-c', temporaryFolder().write('m.yaml', yaml)]);
  const port = Number((await edge.printed(/serving 127\.0\.0\.1:(\d+)/))[1]);
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  const headers = { host: 'other.example' };
  const answers = [
    await ask(port, { path: '/one', headers }),
    await ask(port, { path: '/two', headers: { ...headers, 'x-request-id': 'mine-1' } }),
    await ask(port, { path: '/three', headers: { ...headers, ...upgrade } }),
  ];
  for (const [i, { status, headers: fields }] of answers.entries()) {
    const id = String(fields['x-request-id']);
    expect([status, id]).toEqual([
      404,
      expect.stringMatching(i === 1 ? /^mine-1$|^[0-9a-f-]{36}$/ : /^[0-9a-f-]{36}$/),
    ]);
    const line = await edge.printed(new RegExp(`^.*"msg":"request".*"path":"/${['one', 'two', 'three'][i]}".*$`, 'm'));
    expect(JSON.parse(line[0])).toMatchObject({ id, status: 404 });
  }
  await origin.kill();
});
