import { expect, test, vi } from 'vitest';
import { startFleet } from '../support/fleet-edges.ts';
import { run, runToEnd, temporaryFolder } from '../support/process.ts';
import { freePort } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const SOON = { timeout: 10_000, interval: 20 };
const WHERE = 'gcp/europe-west1';

test('drain, look, undrain: on the edge that is asked and on the others', async () => {
  const { edges, cut, heal } = await startFleet();
  const [a, b] = edges;
  const at = (port: number) => ['--admin', `http://127.0.0.1:${port}`];
  const drain = ['drain', WHERE, '--for', '1h', '--reason', 'maintenance', '--actor', 'ann'];
  const drained = await runToEnd([...drain, ...at(a.admin)]);
  expect(drained).toMatchObject({ code: 0, err: '' });
  expect(drained.out).toMatch(
    /^gcp\/europe-west1 is drained, until 20.*Z: 1 endpoint of edge iad-1 gets no more requests\.\nStored in us-east-1;/,
  );
  await vi.waitFor(async () => expect((await b.fleet()).overrides).toHaveLength(1), SOON);
  const status = await runToEnd(['fleet', 'status', ...at(b.admin)]);
  expect(status.code).toBe(0);
  expect(status.out).toMatch(/^drain +gcp\/europe-west1 +20\S+Z +ann@iad-1 +maintenance$/m);
  expect(status.out).toMatch(/^fra-1 +europe-west1 +this one$/m);

  cut('iad-1');
  const weight = await runToEnd(['weight', '--cloud', 'azure', '50%', '--reason', 'x', ...at(a.admin)]);
  expect(weight.code).toBe(0);
  expect(weight.out).toMatch(
    /^azure has the weight 0\.5: 1 endpoint of edge iad-1\.\nIn force on this edge, not yet stored: us-east-1: cannot be reached/,
  );
  heal('iad-1');

  const json = await runToEnd(['undrain', WHERE, '--json', ...at(b.admin)]);
  expect(JSON.parse(json.out)).toMatchObject({ kind: 'drain', level: null, stored: 'primary', edge: 'fra-1' });
  await vi.waitFor(async () => expect((await a.fleet()).overrides).toMatchObject([{ kind: 'weight' }]), SOON);
});

test('what the edge refuses is said in its own words, and exits 1', async () => {
  const { edges } = await startFleet();
  const at = ['--admin', `http://127.0.0.1:${edges[0].admin}`];
  const refused = async (...args: string[]) => {
    const { code, out, err } = await runToEnd([...args, ...at]);
    expect([code, out]).toEqual([1, '']);
    return err;
  };
  expect(await refused('drain', 'gcp/mars', '--reason', 'x')).toBe(
    'meridian: this edge has no endpoint in gcp/mars\nthere are: aws/us-east-1, gcp/europe-west1, azure/japaneast\n',
  );
  expect(await refused('weight', WHERE, '2', '--reason', 'x')).toBe(
    'meridian: that is no weight:\n  weight must be a number from 0 to 1; it is the number 2\n',
  );
  expect(await refused('drain', 'gpc', '--reason', 'x')).toMatch(/did you mean "gcp"\?/);
  expect(await refused('drain', 'europe-west1', '--reason', 'x')).toContain('did you mean gcp/europe-west1?');
  expect(await refused('undrain', WHERE)).toMatch(/^meridian: there is no drain of gcp\/europe-west1 in force/);
  expect(await refused('capacity', '--endpoint', 'shop/x/y/z', '9', '--reason', 'x')).toMatch(
    /the nearest are: shop\//,
  );
});

test.each([
  [['drain'], 'drain takes one place, such as: meridian drain gcp/europe-west1'],
  [['drain', WHERE, '--cloud', 'gcp'], 'drain takes one place'],
  [['drain', WHERE, '--for', 'ages'], '--for ages is no time'],
  [['drain', WHERE], 'drain needs a --reason'],
  [['weight', WHERE, '50%'], 'weight needs a --reason'],
  [['weight', WHERE], 'weight takes one place and how much'],
  [['weight', WHERE, '10 %'], '"10 %" is no weight'],
  [['weight', WHERE, 'half'], '"half" is no weight'],
  [['capacity', WHERE, ''], '"" is no capacity'],
  [['fleet'], 'meridian fleet status'],
  [['fleet', 'stats'], 'did you mean "fleet status"?'],
  [['fleet', 'status', '--admin', 'nowhere'], '--admin nowhere is no URL'],
])('%j is wrong usage', async (args, message) => {
  const { code, err } = await runToEnd(args);
  expect([code, err.includes(message) ? message : err]).toEqual([2, message]);
});

test('an edge that does not run, or is none', async () => {
  const { code, err } = await runToEnd(['fleet', 'status', '--admin', 'http://127.0.0.1:9']);
  expect(code).toBe(1);
  expect(err).toMatch(/^meridian: no edge answers on http:\/\/127\.0\.0\.1:9; is it running\?/);
});

test('an edge that is alone; the token is that of the option, of the file, or of the environment', async () => {
  const token = 'hunter2-hunter2';
  const port = await freePort();
  const admin = `admin: { listen: "127.0.0.1:${port}", token: "\${TOKEN}" }`;
  const file = temporaryFolder().write('a.yaml', threeCloudsYaml([1, 2, 3], '', admin));
  const edge = run(['start', '-c', file], { TOKEN: token });
  await edge.printed(/serving 127\.0\.0\.1/);
  const at = ['--admin', `http://127.0.0.1:${port}`];
  const drain = ['drain', '--cloud', 'gcp', '--reason', 'x'];
  const without = await runToEnd([...drain, ...at]);
  expect(without.code).toBe(1);
  expect(without.err).toMatch(/this needs the admin token\nsend the value of admin\.token/);
  expect((await runToEnd([...drain, ...at, '--token', 'wrong'])).err).toContain('the admin token is wrong');
  const drained = await runToEnd([...drain, ...at], { MERIDIAN_ADMIN_TOKEN: token });
  expect(drained.out).toMatch(/^gcp is drained: 1 endpoint .*\nIn force on this edge only, and until its process ends/);
  await edge.printed(/gcp is drained, by .*: x/);
  const status = await runToEnd(['fleet', 'status', '-c', file], { TOKEN: token });
  expect(status.out).toMatch(/^This edge is alone: [^\n]*\n\nOVERRIDE[^\n]*\ndrain +gcp +lifted/);
  const undrained = await runToEnd(['undrain', '--cloud', 'gcp', ...at, '--token', token]);
  expect(undrained.out).toMatch(/^The drain of gcp is lifted/);
  expect([drained, status, undrained].map(({ code }) => code)).toEqual([0, 0, 0]);
  expect([edge.out(), edge.err(), status.out, without.err].join()).not.toContain(token);
});
