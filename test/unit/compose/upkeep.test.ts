import { expect, test } from 'vitest';
import { TICKET_KEYS_MS, TicketKeys } from '../../../src/compose/ticket-keys.ts';
import { runUpkeep, UPKEEP_MS } from '../../../src/compose/upkeep.ts';
import type { Event } from '../../../src/table/event.ts';

/** Runs so many rounds of it, with `touch` for opening a file. */
async function rounds(count: number, options: { touch?: () => void; roundMs?: number } = {}) {
  const events: Event[] = [];
  const ending = new AbortController();
  const keys = new TicketKeys(0);
  let [nowMs, slept, deployed] = [0, 0, 0];
  await runUpkeep({
    clock: { nowMs: () => nowMs },
    random: () => 0.5,
    emit: (event) => events.push(event),
    signal: ending.signal,
    ticketKeys: keys,
    deployKeys: () => (deployed += 1),
    ...(options.touch === undefined ? {} : { touch: options.touch }),
    sleep: async (ms) => {
      expect(ms).toBe(UPKEEP_MS);
      nowMs += options.roundMs ?? ms;
      slept += 1;
      if (slept >= count) ending.abort();
    },
  });
  return { events, deployed };
}

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

test('a process that may open files reports nothing', async () => {
  expect(await rounds(3)).toEqual({ events: [], deployed: 0 });
});

test.each(['EMFILE', 'ENFILE'])('each round without descriptors is reported: %s', async (code) => {
  const event = { type: 'descriptors-exhausted', error: code };
  expect((await rounds(2, { touch: failing(code) })).events).toEqual([event, event]);
});

test('a machine without such a file is no lack of descriptors', async () => {
  expect((await rounds(2, { touch: failing('ENOENT') })).events).toEqual([]);
});

test('keys whose time is over are given to the threads', async () => {
  expect((await rounds(5, { roundMs: TICKET_KEYS_MS / 2 })).deployed).toBe(2);
});
