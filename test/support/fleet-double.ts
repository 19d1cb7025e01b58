import type {
  EdgeReport,
  Fleet,
  FleetDigest,
  FleetStatus,
  Merge,
  Put,
  SharedRecord,
  SharedValue,
  VectorClock,
} from '../../src/fleet/fleet.ts';

import { ClaimBoard } from './claim-board.ts';

/**
 * Edges in one process that share records as a fleet does, without stores and without time: what is put is at every edge that
 * can be heard in the same step. An edge may be cut off, and comes into step with the others when it is joined again.
 */
export class FleetDouble {
  readonly #merges: Readonly<Record<string, Merge>>;
  readonly #members = new Map<string, Member>();
  readonly #board = new ClaimBoard();

  constructor(merges: Readonly<Record<string, Merge>> = {}) {
    this.#merges = merges;
  }

  /** The fleet as one more edge has it. */
  join(edge: string, region: string, wallMs: () => number = () => 0): Fleet {
    const member: Member = { edge, region, cut: false, report: undefined, records: new Map(), listeners: [] };
    this.#members.set(edge, member);
    const put = (key: string, value: SharedValue): Put => {
      const known = member.records.get(key)?.clock ?? {};
      const clock = { ...known, [edge]: (known[edge] ?? 0) + 1 };
      const record = { key, value, clock, writtenAtMs: wallMs(), by: edge };
      this.#take(member, record);
      for (const other of this.#heard(member)) this.#take(other, record);
      return { stored: member.cut ? 'here' : 'primary', record };
    };
    return {
      start: async () => this.#catchUp(member),
      close: async () => void this.#members.delete(edge),
      list: (prefix) =>
        [...member.records.values()]
          .filter(({ key }) => key.startsWith(prefix))
          .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      put: async (key, value) => put(key, value),
      values: {
        writes: (key) => [member.records.get(key)].filter((one) => one !== undefined),
        putIf: async (key, make) => {
          const record = member.records.get(key);
          const value = make(record);
          if (member.cut) return { kind: 'refused', why: 'cannot be reached' };
          return value === undefined ? { kind: 'conflict', record } : { kind: 'put', put: put(key, value) };
        },
        forget: async () => {},
        onForget: () => {},
        strong: undefined,
      },
      onChange: (listener) => void member.listeners.push(listener),
      report: (report) => {
        member.report = report;
      },
      claim: async (claims, there) => (member.cut ? undefined : this.#board.claim(edge, claims, there)),
      digest: () => digestOf(this.#heard(member)),
      status: () => this.#status(member),
    };
  }

  /** From now on nothing reaches the edge and nothing that it says is heard. */
  cut(edge: string): void {
    (this.#members.get(edge) as Member).cut = true;
  }

  /** The edge and all others come into step. */
  heal(edge: string): void {
    const member = this.#members.get(edge) as Member;
    member.cut = false;
    this.#catchUp(member);
  }

  #catchUp(member: Member): void {
    for (const other of this.#heard(member)) {
      for (const record of member.records.values()) this.#take(other, record);
      for (const record of other.records.values()) this.#take(member, record);
    }
  }

  #heard(member: Member): readonly Member[] {
    if (member.cut) return [];
    return [...this.#members.values()].filter((other) => other !== member && !other.cut);
  }

  #take(member: Member, record: SharedRecord): void {
    const known = member.records.get(record.key);
    const next = known === undefined ? record : this.#resolved(known, record);
    if (next === known) return;
    member.records.set(record.key, next);
    for (const listener of member.listeners) listener(next);
  }

  #resolved(known: SharedRecord, came: SharedRecord): SharedRecord {
    if (!leads(came.clock, known.clock)) return known;
    if (!leads(known.clock, came.clock)) return came;
    const [prefix] = Object.keys(this.#merges).filter((one) => known.key.startsWith(one));
    const merge = this.#merges[prefix ?? ''] ?? ((a: SharedRecord) => a.value);
    const [later] = [known, came].toSorted((a, b) => b.writtenAtMs - a.writtenAtMs || (a.by < b.by ? -1 : 1));
    const edges = Object.keys({ ...known.clock, ...came.clock });
    const clock = Object.fromEntries(
      edges.map((edge) => [edge, Math.max(known.clock[edge] ?? 0, came.clock[edge] ?? 0)]),
    );
    return { ...(later as SharedRecord), value: merge(known, came), clock };
  }

  #status(member: Member): FleetStatus {
    const heard = [member, ...this.#heard(member)];
    const trouble = member.cut ? 'cannot be reached (ECONNREFUSED)' : '';
    return {
      edge: member.edge,
      region: member.region,
      left: [],
      edges: heard.map(({ edge: id, region }) => ({ id, region, heardMsAgo: 0 })),
      regions: [...new Set([...this.#members.values()].map(({ region }) => region))].map((region) => ({
        region,
        role: region === member.region ? 'primary' : 'replica',
        connected: !member.cut,
        writable: !member.cut,
        trouble,
        waiting: member.cut ? 1 : 0,
      })),
      lags: [{ source: member.region, target: 'elsewhere', seconds: member.cut ? Number.POSITIVE_INFINITY : 0.25 }],
      records: member.records.size,
      conflictsResolved: 0,
      unreadable: { count: 0, last: [] },
      reportsDropped: 0,
    };
  }
}

type Member = {
  readonly edge: string;
  readonly region: string;
  cut: boolean;
  report: EdgeReport | undefined;
  readonly records: Map<string, SharedRecord>;
  readonly listeners: ((record: SharedRecord) => void)[];
};

function leads(a: VectorClock, b: VectorClock): boolean {
  return Object.entries(a).some(([edge, count]) => count > (b[edge] ?? 0));
}

function digestOf(members: readonly Member[]): FleetDigest {
  const endpoints = new Map<string, { inFlight: number; up: number; down: number; unknown: number }>();
  const reporting = members.filter(({ report }) => report !== undefined);
  for (const { report } of reporting) {
    for (const [id, { inFlight, seen }] of report ?? []) {
      const sum = endpoints.get(id) ?? { inFlight: 0, up: 0, down: 0, unknown: 0 };
      sum.inFlight += inFlight;
      sum[seen] += 1;
      endpoints.set(id, sum);
    }
  }
  return { edges: reporting.length, endpoints };
}
