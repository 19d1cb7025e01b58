import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runToEnd, temporaryFolder } from '../support/process.ts';

const script = (name: string) => fileURLToPath(new URL(`../../config/gamedays/${name}.yaml`, import.meta.url));

/** How many requests failed in a phase, and how many there were. */
function row(out: string, phase: string): { requests: number; failed: number } {
  const [, requests, failed] = new RegExp(`^${phase} +(\\d+) +(\\d+) `, 'm').exec(out) ?? [];
  return { requests: Number(requests), failed: Number(failed) };
}

test.each(['region-down', 'cloud-down'])('%s: 99.99 %% and more of all GETs are answered well', async (name) => {
  const { code, out, err } = await runToEnd(['gameday', script(name), '--speed', '4']);
  expect(err).toBe('');
  expect(row(out, 'during').requests).toBeGreaterThan(300);
  expect(row(out, 'all')).toMatchObject({ failed: 0 });
  expect(out).toMatch(/ s {2}aws.* was stopped/);
  expect(out).toMatch(/failovers +[1-9]/);
  expect(out).toMatch(/the goal was met: 100\.000 % of 99\.99 %/);
  expect(code).toBe(0);
});

test('with --json, the outcome is one object and nothing else', async () => {
  const { code, out } = await runToEnd(['gameday', script('region-down'), '--speed', '20', '--json']);
  const answer = JSON.parse(out) as Record<string, unknown>;
  expect(answer).toMatchObject({
    gameday: 'region-down',
    speed: 20,
    met: true,
    goal: 0.9999,
    failed: 0,
    aborted: false,
  });
  expect(answer['phases']).toMatchObject([{ phase: 'before' }, { phase: 'during' }, { phase: 'after' }]);
  expect(JSON.stringify(answer['steps'])).toContain('was stopped');
  expect(code).toBe(0);
});

test('a game day whose goal is missed exits 1 and says what clients saw', async () => {
  const file = temporaryFolder().write(
    'all-down.yaml',
    `version: 1
name: all-down
about: everything is down
before: 1s
during: 2s
after: 1s
rate: 50
steps: [{ at: 0s, kill: aws }, { at: 0s, kill: gcp }, { at: 0s, kill: azure }]
`,
  );
  const { code, out } = await runToEnd(['gameday', file]);
  expect(row(out, 'during').failed).toBeGreaterThan(50);
  expect(out).toMatch(/failed +\d+ × status 502/);
  expect(out).toMatch(/THE GOAL WAS MISSED/);
  expect(code).toBe(1);
});

test('what is not good is refused with its place, and wrong usage exits 2', async () => {
  const file = temporaryFolder().write('x.yaml', 'version: 1\nname: x\nabout: y\nsteps: [{ at: 0s, kill: mars }]\n');
  expect(await runToEnd(['gameday', file])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/x\.yaml:4:\d+ steps\[0\]\.kill: no region/) as string,
  });
  expect((await runToEnd(['gameday', '/nowhere.yaml'])).err).toMatch(/cannot be read \(ENOENT\)/);
  expect((await runToEnd(['gameday'])).code).toBe(2);
  expect((await runToEnd(['gameday', file, '--speed', '0'])).code).toBe(2);
});
