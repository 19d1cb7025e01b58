import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask, exchangeBytes } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { type Run, run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

type Started = Run & { readonly port: number; readonly admin: number };

function fileFor(port: number, drain = '4s'): string {
  const yaml = threeCloudsYaml([port, port, port], '', 'admin: { listen: "127.0.0.1:0" }\nlog: { access: false }');
  return temporaryFolder().write('meridian.yaml', yaml.replace('id: test,', `id: test, drain: ${drain}, workers: 1,`));
}

async function started(drain?: string): Promise<Started> {
  const origin = await startOrigin('x', (request, response) => {
    if (request.url !== '/never') response.end('x');
  });
  const running = run(['start', '-c', fileFor(origin.port, drain)]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  return { ...running, port: Number(found[1]), admin: Number(found[2]) };
}

/** Waits until the process catches a signal itself: the sooner the better, and before anything else is loaded. */
async function caught({ child }: Run, signal: number): Promise<void> {
  await vi.waitFor(
    () => {
      const mask = /^SigCgt:\s+([\da-f]+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? '0';
      expect((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n).toBe(1n);
    },
    { timeout: 10_000, interval: 5 },
  );
}

const HUP = 1;
const XFSZ = 25;

test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
  '%s writes a line, drains, writes another and exits 0',
  async (signal) => {
    const edge = await started('1s');
    edge.child.kill(signal);
    await edge.printed(new RegExp(`${signal}: draining for at most 1 s`));
    expect(await edge.exit).toEqual({ code: 0, signal: null });
    expect(edge.err()).toMatch(/meridian: ended\n$/);
  },
);

test('a second signal cuts off, whichever it is, and says so', async () => {
  const edge = await started('60s');
  const never = ask(edge.port, { path: '/never' });
  never.catch(() => {});
  edge.child.kill('SIGQUIT');
  await edge.printed(/SIGQUIT: draining/);
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
  expect(edge.err()).toMatch(/SIGTERM again: cutting off/);
});

test('SIGUSR1, SIGUSR2, SIGPIPE and SIGXFSZ change nothing, and no inspector is opened', async () => {
  const edge = await started();
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGXFSZ'] as const) edge.child.kill(signal);
  await edge.printed(/SIGUSR1: ignored/);
  await edge.printed(/SIGUSR2: ignored/);
  expect((await ask(edge.port)).status).toBe(200);
  expect(edge.err()).not.toMatch(/Debugger/);
  expect(edge.child.exitCode).toBeNull();
});

test('stopped and continued, it serves on', async () => {
  const edge = await started();
  edge.child.kill('SIGSTOP');
  await vi.waitFor(() => expect(readFileSync(`/proc/${edge.child.pid}/status`, 'utf8')).toMatch(/State:\s+T/));
  const waiting = ask(edge.port);
  edge.child.kill('SIGCONT');
  expect((await waiting).status).toBe(200);
});

test('SIGHUP before it serves is a reload once it does', async () => {
  const origin = await startOrigin('x');
  const edge = run(['start', '-c', fileFor(origin.port)]);
  await caught(edge, HUP);
  edge.child.kill('SIGHUP');
  await edge.printed(/SIGHUP: the file is read again once it serves/);
  await edge.printed(/serving 127/);
  await edge.printed(/"event":"reloaded"/);
});

test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
  '%s before it serves ends the start, and exits 0',
  async (signal) => {
    const origin = await startOrigin('x');
    const edge = run(['start', '-c', fileFor(origin.port)]);
    await caught(edge, XFSZ);
    edge.child.kill(signal);
    expect(await edge.exit).toEqual({ code: 0, signal: null });
    expect(edge.err()).toMatch(new RegExp(`${signal}: ending before it serves`));
    expect(edge.err()).not.toMatch(/serving/);
  },
);

test('signals during a reload and while it drains: SIGHUP is ignored then, and the end comes all the same', async () => {
  const edge = await started('1s');
  for (let i = 0; i < 5; i += 1) edge.child.kill('SIGHUP');
  edge.child.kill('SIGTERM');
  await edge.printed(/SIGTERM: draining/);
  edge.child.kill('SIGHUP');
  edge.child.kill('SIGUSR1');
  await edge.printed(/SIGHUP: ignored, the edge is ending/);
  expect(await edge.exit).toEqual({ code: 0, signal: null });
});

test('a lame duck says that it is not ready and answers as ever; one more signal ends that, and the next cuts off', async () => {
  const { port: origin } = await startOrigin('x', (request, response) => {
    if (request.url !== '/never') response.end('x');
  });
  const yaml = threeCloudsYaml(
    [origin, origin, origin],
    '',
    'admin: { listen: "127.0.0.1:0" }\nlog: { access: false }',
  );
  const more = 'id: test, drain: 60s, lame_duck: 60s, health_path: /up, workers: 2,';
  const edge = run(['start', '-c', temporaryFolder().write('m.yaml', yaml.replace('id: test,', more))]);
  const [, port, admin] = (await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/)).map(Number);
  const status = async (path: string, of = port) => (await ask(of as number, { path })).status;
  expect([await status('/up'), await status('/readyz', admin)]).toEqual([200, 200]);
  edge.child.kill('SIGTERM');
  await edge.printed(/SIGTERM: not ready, serving on for 60 s, then draining for at most 60 s/);
  expect([await status('/up'), await status('/readyz', admin)]).toEqual([503, 503]);
  const kept = () => exchangeBytes(port as number, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /\r\n\r\nx$/);
  expect(await kept()).toMatch(/^HTTP\/1.1 200 [^]*\r\nConnection: keep-alive/);
  const never = ask(port as number, { path: '/never' });
  never.catch(() => {});
  edge.child.kill('SIGTERM');
  await edge.printed(/SIGTERM again: draining for at most 60 s/);
  await vi.waitFor(async () => expect(await kept()).toMatch(/\r\nConnection: close/));
  edge.child.kill('SIGINT');
  await edge.printed(/SIGINT again: cutting off/);
  expect(await edge.exit).toEqual({ code: 0, signal: null });
});
