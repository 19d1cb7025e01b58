import { expect, test } from 'vitest';
import type { Proof } from '../../../src/acme/order.ts';
import { Seal } from '../../../src/acme/seal.ts';
import { AcmeSharing, TURN_MS } from '../../../src/compose/acme-sharing.ts';
import type { Fleet, SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';
import { obtainedOf } from '../acme/settings.ts';

const SETTINGS = obtainedOf({ fleetSecret: 's'.repeat(32) });
const PROOF: Proof = { type: 'http-01', domain: 'a.example.com', token: 't', keyAuthorization: 't.x' };

/** A store that every edge hears of at once. */
class Store {
  nowMs = 1_000_000;
  readonly records = new Map<string, SharedRecord>();
  readonly listeners: ((record: SharedRecord) => void)[] = [];

  put(by: string, key: string, value: SharedValue): SharedRecord {
    const record = { key, value, clock: {}, writtenAtMs: this.nowMs, by };
    this.records.set(key, record);
    for (const listener of this.listeners) listener(record);
    return record;
  }

  /** An edge that has it, with what it answers. */
  edge(id: string, secret = SETTINGS.fleetSecret ?? '') {
    const answered = new Set<Proof>();
    const settings = { ...SETTINGS, fleetSecret: secret };
    const fleet = {
      list: (prefix: string) => [...this.records.values()].filter(({ key }) => key.startsWith(prefix)),
      put: async (key: string, value: SharedValue) => ({ stored: 'primary', record: this.put(id, key, value) }),
      onChange: (listener: (record: SharedRecord) => void) => void this.listeners.push(listener),
      status: () => ({ edge: id, regions: [{}] }),
      values: {
        putIf: async (key: string, make: (now: SharedRecord | undefined) => SharedValue | undefined) => {
          const value = make(this.records.get(key));
          if (value === undefined) return { kind: 'conflict', record: this.records.get(key) };
          return { kind: 'put', put: { stored: 'primary', record: this.put(id, key, value) } };
        },
      },
    };
    const sharing = new AcmeSharing({
      fleet: fleet as unknown as Fleet,
      wallMs: () => this.nowMs,
      wanted: () => [settings],
      sealOf: (of) => new Seal(of),
      open: {
        answer: (proof) => {
          answered.add(proof);
          return () => void answered.delete(proof);
        },
      },
      // What waits for longer than for the store to be heard waits until the test is over.
      sleep: (ms) => (ms < 10_000 ? Promise.resolve() : new Promise(() => {})),
      signal: new AbortController().signal,
    });
    return { sharing, settings, answers: () => [...answered] };
  }
}

test('one edge at a time has the turn, and whoever dies in it does not keep it', async () => {
  const store = new Store();
  const [a, b] = [store.edge('a'), store.edge('b')];
  expect(await a.sharing.takeTurn(a.settings)).toBe(true);
  expect(await b.sharing.takeTurn(b.settings)).toBe(false);
  // Several orders of one edge are one turn.
  expect(await a.sharing.takeTurn(a.settings)).toBe(true);
  await a.sharing.endTurn(a.settings);
  expect(await b.sharing.takeTurn(b.settings)).toBe(false);
  await a.sharing.endTurn(a.settings);
  expect(await b.sharing.takeTurn(b.settings)).toBe(true);
  store.nowMs += TURN_MS;
  expect(await a.sharing.takeTurn(a.settings)).toBe(false);
  store.nowMs += TURN_MS;
  expect(await a.sharing.takeTurn(a.settings)).toBe(true);
  // The dead one comes back, and takes nothing away.
  await b.sharing.endTurn(b.settings);
  expect(await store.edge('c').sharing.takeTurn(SETTINGS)).toBe(false);
});

test('every edge answers what one of them is asked for, also one that comes later, until it is over', async () => {
  const store = new Store();
  const [a, b] = [store.edge('a'), store.edge('b')];
  const end = await a.sharing.prove(a.settings, PROOF);
  const late = store.edge('c');
  expect([b.answers(), late.answers()]).toEqual([[PROOF], [PROOF]]);
  // The edge itself answers by other means.
  expect(a.answers()).toEqual([]);
  end();
  await Promise.resolve();
  expect([b.answers(), late.answers()]).toEqual([[], []]);
});

test('nobody without the secret has an edge answer, or reads a key', async () => {
  const store = new Store();
  const [a, stranger] = [store.edge('a'), store.edge('b', 't'.repeat(32))];
  await stranger.sharing.prove(stranger.settings, PROOF);
  expect(a.answers()).toEqual([]);
  await a.sharing.keepCertificate(a.settings, 'a.example.com', 'PRIVATE', 1);
  expect(JSON.stringify([...store.records.values()])).not.toContain('PRIVATE');
  expect(stranger.sharing.certificate(stranger.settings, 'a.example.com')).toBeUndefined();
});

test('an account and certificates are there for every edge, each under its own name', async () => {
  const store = new Store();
  const [a, b] = [store.edge('a'), store.edge('b')];
  await a.sharing.keepAccount(a.settings, 'account');
  await a.sharing.keepCertificate(a.settings, 'a.example.com', 'pem', 1);
  expect(b.sharing.account(b.settings)).toBe('account');
  expect(b.sharing.certificate(b.settings, 'a.example.com')).toBe('pem');
  expect(b.sharing.certificate(b.settings, 'b.example.com')).toBeUndefined();
  expect(b.sharing.certificate({ ...b.settings, keyType: 'rsa' }, 'a.example.com')).toBeUndefined();
  expect(b.sharing.account({ ...b.settings, directory: 'https://other.example/dir' })).toBeUndefined();
});
