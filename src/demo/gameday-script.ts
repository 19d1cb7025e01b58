import { duration } from '../config/duration.ts';
import type { Fault, Kind } from '../config/kind.ts';
import { mustBe, right, wrong } from '../config/kind.ts';
import { formatProblems, type Path, type Problem, pathText } from '../config/problem.ts';
import { asList, asMapping } from '../config/raw.ts';
import { readStartOrder } from '../config/read-experiment.ts';
import { kindFaults } from '../config/rules-chaos.ts';
import { integer, matching, text } from '../config/scalars.ts';
import { CHAOS_START } from '../config/schema-chaos.ts';
import { share } from '../config/share.ts';
import type { ChaosExperiment } from '../config/topology-chaos.ts';
import { readYaml } from '../config/yaml.ts';
import {
  block,
  complete,
  key,
  listOfBlocks,
  needed,
  neededUnder,
  optional,
  readWith,
  under,
} from '../config/zod-schema.ts';
import { parseTarget, type Target, type Verb } from './target.ts';

/** A game day takes no longer than this, all phases together. */
export const LASTS_MAX_MS = 600_000;

const PHASE = duration({ min: '1s', max: '5m' });

const TARGET: Kind<Target> = {
  expected: 'a region of the demo such as gcp/europe-west1, or a cloud',
  json: { type: 'string' },
  read(value) {
    if (typeof value !== 'string') return wrong(mustBe(TARGET.expected, value));
    const target = parseTarget(value);
    return 'error' in target ? wrong(target.error) : right(target);
  },
};

const NAME = matching('lower-case letters, digits and "-"', /^[a-z0-9][a-z0-9-]{0,62}$/);

const STEP = block('One thing that happens.', {
  at: needed(duration({ min: '0s', max: '5m' }), 'When, from the beginning of the fault.'),
  kill: optional(TARGET, 'Stop these origins: connections are reset, new ones refused.'),
  hang: optional(TARGET, 'Let these origins accept requests and answer none.'),
  revive: optional(TARGET, 'Start them again.'),
  start: under(CHAOS_START.schema),
  stop: optional(NAME, 'End this experiment.'),
});

const SCRIPT = block('A game day: what fails, when, and what clients may notice of it.', {
  version: needed(integer(1, 1), 'Version of this format; always 1.'),
  name: needed(NAME, 'Name of the game day.'),
  about: needed(text('a sentence'), 'What it shows.'),
  goal: key(share, '99.99%', 'The share of requests that must be answered well.'),
  rate: key(integer(20, 1000), 100, 'Requests a second.'),
  before: key(PHASE, '8s', 'How long everything is well first.'),
  during: key(PHASE, '25s', 'How long the fault lasts; then everything is put right.'),
  after: key(PHASE, '15s', 'How long it is watched after that.'),
  steps: neededUnder(listOfBlocks(STEP.schema, 'a list of steps', 'What happens; at least one.')),
});

/** A script that was read. Times are milliseconds; those of steps count from the beginning of the fault. */
export type GamedayScript = {
  readonly name: string;
  readonly about: string;
  readonly goal: number;
  readonly rate: number;
  readonly beforeMs: number;
  readonly duringMs: number;
  readonly afterMs: number;
  readonly steps: readonly GamedayStep[];
};

export type GamedayStep = { readonly atMs: number; readonly action: GamedayAction };
export type GamedayAction =
  | { readonly type: 'origins'; readonly verb: Verb; readonly target: Target }
  | { readonly type: 'start'; readonly experiment: ChaosExperiment }
  | { readonly type: 'stop'; readonly name: string };

/** Reads a script. `file` is only a name. Otherwise every problem, one a line, with its place in the file. */
export function parseGameday(source: string, file: string): GamedayScript | { readonly problems: string } {
  const yaml = readYaml(source);
  if ('problems' in yaml) return { problems: formatProblems(file, yaml.problems) };
  const read = readWith(SCRIPT.schema, yaml.value);
  const faults = 'faults' in read ? read.faults : ruleFaults(yaml.value, read.value);
  if ('faults' in read || faults.length > 0) {
    const problems = faults.map(({ path, message, part }): Problem => {
      return { ...yaml.locate(path, part ?? 'value'), path: pathText(path), message };
    });
    return { problems: formatProblems(file, problems) };
  }
  const { before, during, after, name, about, goal, rate, steps } = complete(SCRIPT, read.value);
  const built = steps.map((step, index) => ({
    atMs: step.at ?? 0,
    action: actionOf(step, rawStep(yaml.value, index)),
  }));
  return { name, about, goal, rate, beforeMs: before, duringMs: during, afterMs: after, steps: built };
}

type Given = NonNullable<(typeof SCRIPT.schema)['_output']>;
type GivenStep = NonNullable<Given['steps']>[number];

const ACTIONS = ['kill', 'hang', 'revive', 'start', 'stop'] as const;

function ruleFaults(raw: unknown, given: Given): readonly Fault[] {
  const { before, during, after, steps } = complete(SCRIPT, given);
  const faults: Fault[] = [];
  if (before + during + after > LASTS_MAX_MS) faults.push({ path: [], message: 'lasts more than 10m in all' });
  for (const [index, step] of steps.entries()) {
    const path: Path = ['steps', index];
    const actions = ACTIONS.filter((action) => step[action] !== undefined);
    if (actions.length !== 1)
      faults.push({ path, message: `must have one of ${ACTIONS.join(', ')}; it has ${actions.length}` });
    if ((step.at ?? 0) >= during) faults.push({ path: [...path, 'at'], message: 'is not within "during"' });
    if (step.start !== undefined) faults.push(...startFaults(rawStep(raw, index), [...path, 'start']));
  }
  return faults;
}

function startFaults(step: Readonly<Record<string, unknown>>, path: Path): readonly Fault[] {
  const faults = kindFaults(asMapping(step['start']), path);
  if (faults.length > 0) return faults;
  const order = readStartOrder(step['start']);
  if ('problems' in order) return [{ path, message: order.problems.join('; ') }];
  return order.experiment === undefined
    ? [{ path, message: 'must say the whole experiment: kind and radius too' }]
    : [];
}

function rawStep(raw: unknown, index: number): Readonly<Record<string, unknown>> {
  return asMapping(asList(asMapping(raw)['steps'])[index]);
}

function actionOf(step: GivenStep, raw: Readonly<Record<string, unknown>>): GamedayAction {
  for (const verb of ['kill', 'hang', 'revive'] as const) {
    const target = step[verb];
    if (target !== undefined) return { type: 'origins', verb, target };
  }
  if (step.stop !== undefined) return { type: 'stop', name: step.stop };
  const order = readStartOrder(raw['start']);
  if ('problems' in order || order.experiment === undefined) throw new Error('the rules let no such step through');
  return { type: 'start', experiment: order.experiment };
}
