import { afterAll, describe, expect, test } from 'vitest';
import { COMPARED } from './compared.ts';
import { DIFFERENCES, isPlayedOn, namesOf, PROTOCOL_DIFFERENCES, stale } from './differences.ts';
import { type Engine, FRONTS, type Front, HAS_WIRE } from './engines.ts';
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
  readonly expect: (seen: Observation, engine: Engine, front: Front) => void;
};

/**
 * `npx vitest run test/contract -t "accelerator on"` runs one engine, `-t "clients of HTTP/2"` one kind of client; `-t "both engines"`
 * and `-t "both protocols"` compare.
 */
export function contract(theme: string, scenarios: readonly Scenario[]): void {
  namesOf(theme).push(...scenarios.map(({ name }) => name));
  afterAll(() => expect(stale(), 'rows of differences.ts that no scenario has').toEqual([]));
  const seen = new Map<string, Promise<Observation>>();
  const once = (front: Front, scenario: Scenario): Promise<Observation> => {
    const key = `${front.name} ${scenario.name}`;
    const known = seen.get(key) ?? played(front, scenario);
    seen.set(key, known);
    return known;
  };
  for (const front of FRONTS) {
    const here = scenarios.filter(({ name }) => isPlayedOn(front, theme, name));
    if (here.length === 0) continue;
    describe.each([front.name])('%s', () => {
      test.each(here)(`${theme}: $name`, async (scenario) => {
        scenario.expect(await once(front, scenario), HAS_WIRE ? front.engine : 'off', front);
      });
    });
  }
  const alike = scenarios.filter(({ name }) => !(theme in DIFFERENCES) && !(`${theme}: ${name}` in DIFFERENCES));
  for (const { title, one, other, normal } of COMPARED) {
    const both = alike.filter(
      ({ name }) =>
        isPlayedOn(one, theme, name) &&
        isPlayedOn(other, theme, name) &&
        (one.client === other.client || !(`${theme}: ${name}` in PROTOCOL_DIFFERENCES)),
    );
    if (both.length === 0) continue;
    describe.each([title])('%s', () => {
      test.each(both)(`${theme}: $name`, async (scenario) => {
        expect(normal(await once(other, scenario))).toEqual(normal(await once(one, scenario)));
      });
    });
  }
}

async function played(front: Front, scenario: Scenario): Promise<Observation> {
  const stage = await startStage(front, scenario);
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

/**
 * Holds what the client got to one answer of this edge's own, and that nothing reached an origin. In HTTP/2 a malformed request is reset
 * and not answered, and the connection goes on (RFC 9113 §8.1.1).
 */
export function refusedWith(status: number): Scenario['expect'] {
  return (seen, _engine, front) => {
    const [client] = seen.clients;
    const statuses = client?.answers.map(({ start }) => Number(start.slice(9, 12)));
    expect(seen.origins.flat()).toEqual([]);
    if (front.client === 'HTTP/2') {
      if (status === 400) expect([client?.ending, statuses]).toEqual(['broken', []]);
      else expect([client?.ending, statuses]).toEqual(['open', [status]]);
      return;
    }
    expect(statuses).toEqual([status]);
    expect(client?.ending).toBe('ended');
    expect(client?.rest).toBe('');
  };
}
