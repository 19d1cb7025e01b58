import { describe, expect, test } from 'vitest';
import { DIFFERENCES } from './differences.ts';
import { ENGINES, type Engine, HAS_WIRE } from './engines.ts';
import { type Observation, observe, type Setting, type Stage, startStage } from './stage.ts';

/**
 * One thing that every engine must do. It is played on each engine, held to what it says itself, and then what came of it on
 * one engine is held against the other: what reached the origins, what reached the clients, what was recorded and counted.
 */
export type Scenario = Setting & {
  readonly name: string;
  /** What the one client sends. An array: piece by piece. Or what happens, step by step. */
  readonly play: string | readonly string[] | ((stage: Stage) => Promise<void>);
  /** The methods of its requests, for the framing of their answers. */
  readonly methods?: readonly string[];
  /** Final answers that are waited for, unless the connection ends before; 1 when not said. */
  readonly answers?: number;
  readonly expect: (seen: Observation, engine: Engine) => void;
};

/** `npx vitest run test/contract -t "accelerator on"` runs one engine; `-t "both engines"` compares. */
export function contract(theme: string, scenarios: readonly Scenario[]): void {
  const seen = new Map<string, Promise<Observation>>();
  const once = (engine: Engine, scenario: Scenario): Promise<Observation> => {
    const key = `${engine} ${scenario.name}`;
    const known = seen.get(key) ?? played(engine, scenario);
    seen.set(key, known);
    return known;
  };
  describe.each(ENGINES)('accelerator %s', (engine) => {
    test.each(scenarios)(`${theme}: $name`, async (scenario) => {
      scenario.expect(await once(engine, scenario), HAS_WIRE ? engine : 'off');
    });
  });
  const alike = scenarios.filter(({ name }) => !(theme in DIFFERENCES) && !(`${theme}: ${name}` in DIFFERENCES));
  if (alike.length === 0) return;
  describe('both engines', () => {
    test.each(alike)(`${theme}: $name`, async (scenario) => {
      expect(await once('on', scenario)).toEqual(await once('off', scenario));
    });
  });
}

async function played(engine: Engine, scenario: Scenario): Promise<Observation> {
  const stage = await startStage(engine, scenario);
  const { play, methods = [], answers = 1 } = scenario;
  if (typeof play === 'function') await play(stage);
  else {
    const client = await stage.client(...methods);
    await client.writeApart(typeof play === 'string' ? [play] : play);
    await client.answered(answers);
  }
  return observe(stage);
}

/** The one client's answers, told shortly: `200 ok`. */
export function told(seen: Observation): string[] {
  return (seen.clients[0]?.answers ?? []).map(({ start, body }) => `${start.slice(9, 12)} ${body}`);
}

/** The first request that reached the first origin. */
export function arrived(seen: Observation) {
  const first = seen.origins[0]?.[0];
  if (first === undefined) throw new Error('nothing reached the origin');
  return first;
}

/** Holds what the client got to one answer of this edge's own, and that nothing reached an origin. */
export function refusedWith(status: number): (seen: Observation) => void {
  return (seen) => {
    expect(seen.clients[0]?.answers.map(({ start }) => Number(start.slice(9, 12)))).toEqual([status]);
    expect(seen.origins.flat()).toEqual([]);
    expect(seen.clients[0]?.ending).toBe('ended');
    expect(seen.clients[0]?.rest).toBe('');
  };
}
