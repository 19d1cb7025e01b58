import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseGameday } from '../../../src/demo/gameday-script.ts';

const FOLDER = new URL('../../../config/gamedays/', import.meta.url);

test.each(readdirSync(FOLDER))('%s is good, asks for 99.99 % and takes no longer than a minute', (name) => {
  const script = parseGameday(readFileSync(new URL(name, FOLDER), 'utf8'), name);
  if ('problems' in script) throw new Error(script.problems);
  expect(`${script.name}.yaml`).toBe(name);
  expect(script.goal).toBeCloseTo(0.9999, 9);
  expect(script.beforeMs + script.duringMs + script.afterMs).toBeLessThanOrEqual(60_000);
});

test('the five that there are', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual([
    'cloud-down.yaml',
    'errors-10-percent.yaml',
    'flapping.yaml',
    'gray-slowness.yaml',
    'region-down.yaml',
  ]);
});

const HEAD = 'version: 1\nname: x\nabout: y\n';

test('what is left out has a default, and steps are what they say', () => {
  const text = `${HEAD}steps:
  - { at: 1s, hang: gcp }
  - { at: 2s, start: { name: slow, kind: latency, delay: 1s, radius: 10% } }
  - { at: 3s, stop: slow }
`;
  expect(parseGameday(text, 'x.yaml')).toMatchObject({
    goal: expect.closeTo(0.9999, 9) as number,
    rate: 100,
    beforeMs: 8000,
    duringMs: 25_000,
    afterMs: 15_000,
    steps: [
      { atMs: 1000, action: { type: 'origins', verb: 'hang', target: { name: 'gcp' } } },
      { atMs: 2000, action: { type: 'start', experiment: { name: 'slow', radius: 0.1, forMs: 300_000 } } },
      { atMs: 3000, action: { type: 'stop', name: 'slow' } },
    ],
  });
});

test.each([
  [`${HEAD}steps: []`, 'x.yaml:4:1 steps: is an empty list'],
  [HEAD, 'steps: is missing'],
  [`${HEAD}goal: 101%\nsteps: [{ at: 0s, kill: gcp }]`, 'x.yaml:4:7 goal: must be a share from 0 to 1'],
  [`${HEAD}rate: 0\nsteps: [{ at: 0s, kill: gcp }]`, 'x.yaml:4:7 rate: must be a whole number from 20 to 1000'],
  [`${HEAD}steps: [{ at: 0s, kill: mars }]`, 'x.yaml:4:25 steps[0].kill: no region or cloud "mars"'],
  [`${HEAD}steps: [{ at: 0s, explode: gcp }]`, 'steps[0].explode: is no key of this block'],
  [`${HEAD}steps: [{ at: 0s }]`, 'steps[0]: must have one of kill, hang, revive, start, stop; it has 0'],
  [`${HEAD}steps: [{ at: 0s, kill: gcp, hang: aws }]`, 'it has 2'],
  [`${HEAD}steps: [{ at: 25s, kill: gcp }]`, 'steps[0].at: is not within "during"'],
  [`${HEAD}before: 5m\nduring: 5m\nsteps: [{ at: 0s, kill: gcp }]`, 'lasts more than 10m'],
  [`${HEAD}steps: [{ at: 0s, start: { name: a, kind: latency, radius: 1% } }]`, 'steps[0].start: needs delay'],
  [`${HEAD}steps: [{ at: 0s, start: { name: a, kind: explode, radius: 1% } }]`, 'steps[0].start.kind: must be latency'],
  [
    `${HEAD}steps: [{ at: 0s, start: { name: a, kind: failure, radius: 2 } }]`,
    'steps[0].start.radius: must be a share',
  ],
  [`${HEAD}steps: [{ at: 0s, start: { name: a } }]`, 'steps[0].start: must say the whole experiment'],
  ['steps: [', 'x.yaml:1'],
])('%j is refused where it is wrong', (text, problem) => {
  const script = parseGameday(text, 'x.yaml');
  expect('problems' in script ? script.problems : '').toContain(problem);
});
