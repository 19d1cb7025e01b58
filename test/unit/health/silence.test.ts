import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  longMsOf,
  OWN_MIN_MS,
  OWN_TIMES,
  SILENCE_IDLE_PERIOD_MS,
  SILENCE_PERIOD_MS,
  Silence,
  Silences,
  UNANSWERED_MIN,
} from '../../../src/health/silence.ts';
import { OUTCOMES, type Outcome, type WorkerBlock } from '../../../src/table/worker-block.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

describe('longer than an answer takes', () => {
  test.each<[string, number, number, number]>([
    ['the way, and four times what is not the way', 130, 100, 100 + 4 * 30],
    ['at least a tenth of a second beside the way', 105, 100, 200],
    ['four times all of it, where the way is not known', 60, Number.NaN, 240],
    ['a way that is longer than answers take is none', 50, 80, 50 + OWN_TIMES * OWN_MIN_MS],
  ])('%s', (_, latencyMs, rttMs, longMs) => {
    expect(longMsOf(latencyMs, rttMs)).toBe(longMs);
  });

  test('never, of an endpoint that has not answered anything yet', () => {
    expect(longMsOf(Number.NaN, 20)).toBeNaN();
  });
});

describe('one endpoint', () => {
  const LONG_MS = 200;
  let it: Silence;
  const look = (sent: number, answered: number, inFlight: number, nowMs: number) =>
    it.look({ sent, answered, inFlight }, LONG_MS, nowMs);

  beforeEach(() => {
    it = new Silence();
    look(10, 10, 0, 0);
  });

  test('is silent once several requests have waited for too long, and not any more when it answers one', () => {
    expect([look(13, 10, 3, 100), look(15, 10, 5, 299)]).toEqual([false, false]);
    expect([look(16, 10, 6, 300), look(16, 10, 6, 400)]).toEqual([true, true]);
    expect(look(16, 11, 5, 500)).toBe(false);
  });

  test('is not for two that are slow', () => {
    expect([look(12, 10, 2, 100), look(12, 10, 2, 5000)]).toEqual([false, false]);
  });

  test('is not for streams that have been open for long: it answers what is new', () => {
    look(60, 60, 50, 1000);
    for (let at = 1; at <= 50; at += 1) expect(look(60 + at, 60 + at, 50, 1000 + 100 * at)).toBe(false);
    expect([look(111, 110, 51, 7000), look(112, 110, 52, 8000)]).toEqual([false, false]);
  });

  test('is not when nobody waits any more', () => {
    look(13, 10, 3, 100);
    expect([look(13, 10, 0, 200), look(14, 10, 1, 400), look(14, 10, 1, 900)]).toEqual([false, false, false]);
  });

  test('stays so when all who waited have gone elsewhere', () => {
    look(13, 10, 3, 100);
    look(13, 10, 3, 300);
    expect([look(13, 10, 0, 400), look(13, 10, 0, 5000)]).toEqual([true, true]);
  });

  test('is none whose usual time nobody knows', () => {
    expect([it.look({ sent: 20, answered: 10, inFlight: 10 }, Number.NaN, 100)]).toEqual([false]);
    expect([it.look({ sent: 20, answered: 10, inFlight: 10 }, Number.NaN, 90_000)]).toEqual([false]);
  });

  test('a check that it answers gives it one more chance, and no second one before it has answered a request', () => {
    look(13, 10, 3, 100);
    look(13, 10, 3, 300);
    it.checked();
    expect([look(18, 10, 8, 400), look(20, 10, 8, 900)]).toEqual([false, false]);
    look(20, 11, 7, 1000);
    look(23, 11, 10, 1100);
    expect(look(23, 11, 10, 1300)).toBe(true);
  });

  test('property: it is silent only with as many unanswered for so long since its last answer', () => {
    const step = fc.record({ ms: fc.integer({ min: 1, max: 150 }), sends: fc.nat(3), answers: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        it = new Silence();
        let [nowMs, sent, answered, sinceMs] = [0, 0, 0, 0];
        const sentAtMs: number[] = [];
        look(0, 0, 0, 0);
        for (const { ms, sends, answers } of steps) {
          nowMs += ms;
          const heard = Math.min(answers, sent - answered);
          answered += heard;
          if (heard > 0) {
            sinceMs = nowMs;
            sentAtMs.length = 0;
          }
          sent += sends;
          for (let i = 0; i < sends; i += 1) sentAtMs.push(nowMs);
          if (!look(sent, answered, sent - answered, nowMs)) continue;
          expect(nowMs - sinceMs).toBeGreaterThanOrEqual(LONG_MS);
          expect(sentAtMs.filter((atMs) => nowMs - atMs >= LONG_MS).length).toBeGreaterThanOrEqual(UNANSWERED_MIN);
        }
      }),
    );
  });
});

describe('in the table', () => {
  let stage: Stage;
  let silences: Silences;
  let block: WorkerBlock;

  beforeEach(() => {
    stage = stageOf(threeClouds());
    block = stage.blocks[1] as WorkerBlock;
    silences = new Silences(stage.table.live, stage.blocks);
    stage.table.live.latencyMs.fill(30);
    stage.table.live.rttMs.fill(10);
  });

  const count = (row: number, outcome: Outcome) => {
    const cell = row * OUTCOMES.length + OUTCOMES.indexOf(outcome);
    block.outcomes[cell] = (block.outcomes[cell] as number) + 1;
  };
  const silent = () => [...stage.table.live.silent.subarray(0, 3)];

  test('it tells once of each that falls silent, and listens more often while something is under way', () => {
    const { inFlight } = stage.table.live;
    expect([silences.look([0, 1, 2], [0, 1, 2], 0), silences.periodMs]).toEqual([[], SILENCE_IDLE_PERIOD_MS]);
    inFlight[1] = 1;
    silences.look([0, 1, 2], [0, 1, 2], 100);
    expect(silences.periodMs).toBe(SILENCE_PERIOD_MS);
    inFlight[1] = 4;
    expect([
      silences.look([0, 1, 2], [0, 1, 2], 200),
      silences.look([0, 1, 2], [0, 1, 2], 310),
      silences.look([0, 1, 2], [0, 1, 2], 410),
    ]).toEqual([[], [1], []]);
    expect(silent()).toEqual([0, 1, 0]);
  });

  test('whoever is placed in the row of one that was silent has a silence of its own', () => {
    const { inFlight, silent: column } = stage.table.live;
    silences.look([0, 1, 2], [0, 1, 2], 0);
    inFlight[1] = 4;
    for (const nowMs of [200, 310]) silences.look([0, 1, 2], [0, 1, 2], nowMs);
    expect(silent()).toEqual([0, 1, 0]);
    silences.keep(new Set([0, 2]));
    column[1] = 0;
    inFlight[1] = 1;
    expect(silences.look([0, 1, 2], [0, 1, 2], 400)).toEqual([]);
    expect(silent()).toEqual([0, 0, 0]);
  });

  test.each<Outcome>(['success', 'error-status'])('%s is an answer', (outcome) => {
    const { inFlight } = stage.table.live;
    silences.look([0], [0], 0);
    inFlight[0] = 4;
    silences.look([0], [0], 100);
    silences.look([0], [0], 300);
    inFlight[0] = 3;
    count(0, outcome);
    block.firstByteCount[0] = 1;
    silences.look([0], [0], 400);
    expect(silent()).toEqual([0, 0, 0]);
  });

  test('a refusal for want of room is one, too', () => {
    stage.table.live.inFlight[0] = 4;
    silences.look([0], [0], 0);
    count(0, 'overloaded');
    silences.look([0], [0], 100);
    silences.look([0], [0], 300);
    expect(silent()).toEqual([0, 0, 0]);
  });

  test('one that answers a check is not silent', () => {
    const { inFlight } = stage.table.live;
    inFlight[2] = 1;
    silences.look([2], [2], 0);
    inFlight[2] = 5;
    silences.look([2], [2], 100);
    silences.look([2], [2], 300);
    expect(silent()).toEqual([0, 0, 1]);
    silences.checked(2);
    expect(silent()).toEqual([0, 0, 0]);
  });

  test('two that are silent have those of their cloud taken for silent that have nothing to answer, until a check says otherwise', () => {
    const { inFlight } = stage.table.live;
    const [rows, clouds] = [
      [0, 1, 2, 3, 4],
      [7, 7, 7, 7, 8],
    ];
    const look = (nowMs: number) => silences.look(rows, clouds, nowMs);
    stage.table.live.latencyMs.fill(30);
    look(0);
    inFlight.set([5, 5, 1, 0, 0]);
    block.firstByteCount[2] = 1;
    look(100);
    block.firstByteCount[2] = 2;
    inFlight[1] = 2;
    expect(look(300)).toEqual([0]);
    inFlight[1] = 5;
    expect([look(400), look(500)]).toEqual([[1, 3], []]);
    expect([...stage.table.live.silent.subarray(0, 5)]).toEqual([1, 1, 0, 1, 0]);
    silences.checked(3);
    look(600);
    expect(stage.table.live.silent[3]).toBe(0);
  });
});
