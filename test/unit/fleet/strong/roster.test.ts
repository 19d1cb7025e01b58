import { expect, test } from 'vitest';
import { chance } from '../../../../bench/fleet/chance.ts';
import type { Acceptor } from '../../../../src/fleet/strong/acceptor.ts';
import { mendRoster } from '../../../../src/fleet/strong/roster.ts';
import { StrongValues } from '../../../../src/fleet/strong/strong-values.ts';
import { SimulatedVoter, simulatedAcceptor } from '../../../support/simulated-acceptor.ts';

const LIMIT_MS = 1000;
const NAMES = ['x', 'a', 'b'] as const;
let edges = 0;
type Name = (typeof NAMES)[number];

/** An edge that reaches some of the servers; `change` may stand between it and one of them. */
function edgeOf(
  servers: Readonly<Record<Name, SimulatedVoter>>,
  reached: readonly Name[],
  change?: (acceptors: Map<string, Acceptor>) => void,
) {
  const acceptors = new Map<string, Acceptor>(
    NAMES.map((name) => {
      const carry = async <T>(run: () => T): Promise<T> => {
        if (!reached.includes(name)) throw new Error('no way');
        return run();
      };
      return [name, simulatedAcceptor(servers[name], carry, () => true)];
    }),
  );
  change?.(acceptors);
  let nowMs = 0;
  const values = new StrongValues({
    edge: reached.join(''),
    voters: acceptors,
    clock: { nowMs: () => nowMs },
    sleep: async (ms) => void (nowMs += ms + 1),
    // No two edges draw the same: ballots are told apart by it.
    random: chance((edges += 1)),
    signal: new AbortController().signal,
    wallMs: () => 1_800_000_000_000,
    limitMs: LIMIT_MS,
    emit: () => {},
  });
  const write = (value: unknown) => values.write('k', { value, actor: 'x', condition: () => true });
  return { values, write, acceptors };
}

const made = () =>
  Object.fromEntries(NAMES.map((name) => [name, new SimulatedVoter(name)])) as Record<Name, SimulatedVoter>;

test('what was on its way when a store forgot is not done behind the back of the one that took its place', async () => {
  const servers = made();
  const all = edgeOf(servers, NAMES);
  expect(await all.write('first')).toMatchObject({ kind: 'done' });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  // x accepts at once; what a is to accept is on its way.
  const slow = edgeOf(servers, ['x', 'a'], (acceptors) => {
    const a = acceptors.get('a') as Acceptor;
    acceptors.set('a', {
      ...a,
      accept: async (proposal, limitMs) => {
        arrive();
        await released;
        return a.accept(proposal, limitMs);
      },
    });
  });
  const writing = slow.write('second');
  await arrived;
  servers.x.restart(false);
  const mended = await mendRoster({ voters: all.acceptors, limitMs: LIMIT_MS });
  expect(mended).toMatchObject({ admitted: ['x'], founded: false });
  release();
  const written = await writing;
  const read = await edgeOf(servers, ['x', 'b']).values.read('k');
  // Either it is known not to be done, or whoever reads sees it.
  const seen = read.kind === 'done' ? read.state.value : read.kind;
  expect([written.kind, seen]).toEqual(written.kind === 'done' ? ['done', 'second'] : [written.kind, 'first']);
});

test('a server that was replaced in its region and lives on is not counted', async () => {
  const servers = made();
  expect(await edgeOf(servers, NAMES).write('first')).toMatchObject({ kind: 'done' });
  const old = servers.x;
  const now = { ...servers, x: new SimulatedVoter('x') };
  // Another run of another server.
  now.x.restart(false);
  expect(await mendRoster({ voters: edgeOf(now, NAMES).acceptors, limitMs: LIMIT_MS })).toMatchObject({
    admitted: ['x'],
  });
  expect(await edgeOf(now, ['x', 'b']).write('second')).toMatchObject({ kind: 'done' });
  // Who still reaches the old one, and a.
  const left = edgeOf({ ...servers, x: old }, ['x', 'a']);
  expect(await left.values.read('k')).toMatchObject({ kind: 'unavailable', sure: true });
  expect(await left.write('third')).toMatchObject({ kind: 'unavailable' });
  expect(await edgeOf(now, NAMES).values.read('k')).toMatchObject({ kind: 'done', state: { value: 'second' } });
});

test('fewer than most that vote take nobody in, unless all are there', async () => {
  const servers = made();
  expect(await mendRoster({ voters: edgeOf(servers, ['x', 'a']).acceptors, limitMs: LIMIT_MS })).toMatchObject({
    members: [],
    admitted: [],
  });
  const all = edgeOf(servers, NAMES);
  expect(await mendRoster({ voters: all.acceptors, limitMs: LIMIT_MS })).toMatchObject({
    founded: true,
    admitted: [...NAMES],
  });
  expect(await edgeOf(servers, ['x', 'a']).write('kept')).toMatchObject({ kind: 'done' });
  // All restarted, with what they had on disk.
  for (const server of Object.values(servers)) server.restart(true);
  expect(await edgeOf(servers, ['b', 'a']).values.read('k')).toMatchObject({ kind: 'unavailable', sure: true });
  expect(await all.values.read('k')).toMatchObject({ kind: 'done', state: { value: 'kept' } });
});
