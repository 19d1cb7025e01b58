import { parseArgs } from 'node:util';
import type { Choice } from './jobs.ts';
import { LAYOUTS, type LayoutName } from './layouts.ts';
import { PLANS } from './scenarios.ts';

/** What the command line says. */
export type Options = {
  readonly choice: Choice;
  /** The periods of a fleet's reports to find out the age of counts for, in seconds. */
  readonly ages: readonly number[];
  readonly workers: number;
  readonly as: 'table' | 'json' | 'page';
};

/** Reads the arguments of `npm run bench:world`. Throws an Error with one sentence when they make no sense. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string' },
      seed: { type: 'string', default: '1' },
      fleet: { type: 'string', default: 'off,on' },
      rate: { type: 'string', default: '2000,20000' },
      endpoints: { type: 'string' },
      layout: { type: 'string', default: 'first' },
      priority: { type: 'string' },
      only: { type: 'string' },
      yaml: { type: 'string', default: '' },
      report: { type: 'string' },
      threads: { type: 'string', default: '2' },
      queue: { type: 'string', default: '4' },
      declared: { type: 'string', default: '2' },
      workers: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      age: { type: 'boolean', default: false },
    },
  });
  const report = values.report === undefined ? undefined : numberOf('report', values.report);
  const setting = {
    reportS: report ?? 1,
    priority: values.priority,
    yaml: values.yaml.replaceAll('\\n', '\n'),
    threads: numberOf('threads', values.threads),
  };
  const choice: Choice = {
    scenarios:
      values.scenario === undefined ? PLANS.map(({ name }) => name) : values.scenario.split(',').map(scenarioOf),
    seeds: values.seed.split(',').map((seed) => numberOf('seed', seed)),
    fleets: values.fleet.split(',').map((fleet) => oneOf('fleet', fleet, ['on', 'off']) === 'on'),
    rates: values.rate.split(',').map((rate) => numberOf('rate', rate)),
    endpoints:
      values.endpoints === undefined ? undefined : ENDPOINTS[oneOf('endpoints', values.endpoints, ['9', '18'])],
    layout: oneOf('layout', values.layout, Object.keys(LAYOUTS) as LayoutName[]),
    only: values.only === undefined ? undefined : oneOf('only', values.only, ['product', 'peers']),
    queue: numberOf('queue', values.queue),
    declared: numberOf('declared', values.declared),
    setting,
  };
  return {
    choice,
    ages: values.age ? (report === undefined ? [1, 5] : [report]) : [],
    workers: numberOf('workers', values.workers),
    as: values.json ? 'json' : values.write ? 'page' : 'table',
  };
}

const ENDPOINTS = { '9': 9, '18': 18 } as const;

/** Names are also taken as they can be typed: `flash crowd x 3`, `capacity x 1/2`. */
function scenarioOf(text: string): string {
  const found = PLANS.find(({ name }) => typed(name) === typed(text));
  if (found === undefined)
    throw new Error(`no scenario ${text}; there are: ${PLANS.map(({ name }) => name).join(', ')}`);
  return found.name;
}

function typed(name: string): string {
  return name.trim().toLowerCase().replaceAll('×', 'x').replaceAll('½', '1/2').replaceAll(' ', '');
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new Error(`--${option} ${text}: a number above 0 is meant`);
  return value;
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text.trim());
  if (found === undefined) throw new Error(`--${option} ${text}: one of ${known.join(', ')} is meant`);
  return found;
}
