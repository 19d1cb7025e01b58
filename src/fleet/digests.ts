import { compareText } from '../config/compare-text.ts';
import { type ClientTotals, clientsOf, readTotals } from './client-text.ts';
import { type Digest, type Member, readDigest, readMembers } from './digest-text.ts';
import type { FleetDigest, HeardClient } from './fleet.ts';
import { LATE_REPORTS } from './gatherer.ts';
import type { RegionStore, TellReply } from './region-store.ts';
import { readNames } from './report-text.ts';
import type { ToldReport } from './reporter.ts';

type HeardDigest = {
  readonly digest: Digest;
  readonly atMs: number;
  readonly members: readonly Member[];
  readonly ids: readonly string[];
  /** Number of this edge's own report that is in it, as far as the store has said. */
  readonly mine: number | undefined;
};

export type DigestsDeps = {
  readonly edge: string;
  readonly reportMs: number;
  readonly forgetMs: number;
  /** What this edge reported under a number. */
  readonly reportOf: (number: number) => ToldReport | undefined;
};

/** The digests of all regions as this edge has heard them, made one, and without what this edge reported itself. */
export class Digests {
  readonly #deps: DigestsDeps;
  readonly #heard = new Map<string, HeardDigest>();
  /** What is told of clients, by where it is among the digests. It counts beside the digest that has its number, and with no other. */
  readonly #clients = new Map<string, { readonly number: string; readonly totals: ClientTotals }>();
  /** Number of the last report that each store took. */
  readonly #lastReported = new Map<string, number>();

  constructor(deps: DigestsDeps) {
    this.#deps = deps;
  }

  /** Their numbers, by region. */
  known(): Readonly<Record<string, string>> {
    const digests = [...this.#heard].map(([region, { digest }]) => [region, digest.number] as const);
    return Object.fromEntries([...digests, ...[...this.#clients].map(([at, { number }]) => [at, number] as const)]);
  }

  /** Takes in what a store answered to report `number`. Rejects when the store does not give the names that it counts on. */
  async take(
    reply: TellReply,
    number: number,
    from: { name: string; store: RegionStore; nowMs: number },
  ): Promise<void> {
    this.#lastReported.set(from.name, number);
    const [countedIn, counted] = reply.counted.split(':');
    const news = reply.digests.flatMap(([region, text]) => {
      const [number, rest] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)];
      if (region.endsWith(CLIENTS)) this.#clients.set(region, { number, totals: readTotals(rest) });
      const digest = region.endsWith(CLIENTS) ? undefined : readDigest(number, rest);
      return digest === undefined ? [] : [{ region, digest }];
    });
    const names = await this.#names(
      news.map(({ digest }) => digest),
      from.store,
    );
    for (const { region, digest } of news) {
      const [members, ids] = [names.members(digest.members), names.ids(digest.names)];
      if (members === undefined || ids === undefined) continue;
      const mine = region === from.name && countedIn === digest.number ? Number(counted) : undefined;
      this.#heard.set(region, { digest, atMs: from.nowMs, members, ids, mine });
    }
  }

  /** The digest of a region, and how old it is; undefined when none was heard within `forgetMs`. */
  of(region: string, nowMs: number): { readonly digest: Digest; readonly ageMs: number } | undefined {
    const heard = this.#heard.get(region);
    return heard === undefined ? undefined : { digest: heard.digest, ageMs: nowMs - heard.atMs };
  }

  /** Whether another region's fresh digest has this edge. */
  isElsewhere(edge: string, region: string, nowMs: number): boolean {
    return [...this.#heard].some(([name, heard]) => name !== region && this.#isFresh(heard, nowMs) && has(heard, edge));
  }

  /** The other edges, with how long ago they were heard. */
  edges(nowMs: number): readonly { readonly id: string; readonly region: string; readonly heardMsAgo: number }[] {
    const edges = new Map<string, { id: string; region: string; heardMsAgo: number }>();
    for (const { digest, atMs, members } of this.#counting(nowMs)) {
      for (const [id, region, leaving] of members) {
        if (leaving === 1) continue;
        const heardMsAgo = nowMs - atMs + (digest.late[id] ?? 0);
        const isNews = id !== this.#deps.edge && heardMsAgo <= this.#deps.forgetMs;
        if (isNews && heardMsAgo < (edges.get(id)?.heardMsAgo ?? Number.POSITIVE_INFINITY))
          edges.set(id, { id, region, heardMsAgo });
      }
    }
    return [...edges.values()].sort((a, b) => compareText(a.id, b.id));
  }

  /** Edges that said that they end, while that is heard. */
  left(nowMs: number): readonly string[] {
    const there = new Set(this.edges(nowMs).map(({ id }) => id));
    const left = this.#counting(nowMs).flatMap(({ members }) =>
      members.flatMap(([id, , end]) => (end === 1 ? [id] : [])),
    );
    return [...new Set(left)].filter((id) => !there.has(id));
  }

  digest(nowMs: number): FleetDigest {
    const endpoints = new Map<string, { inFlight: number; up: number; down: number; unknown: number }>();
    const row = (id: string) => endpoints.get(id) ?? { inFlight: 0, up: 0, down: 0, unknown: 0 };
    let counted: Map<string, number> | undefined;
    for (const heard of this.#counting(nowMs)) {
      const mine = this.#mine(heard);
      if (mine !== undefined) counted = new Map([...mine.report].map(([id, { inFlight }]) => [id, inFlight]));
      for (const [at, id] of heard.ids.entries()) {
        const own = mine?.report.get(id);
        const sum = row(id);
        sum.inFlight += Math.max(0, (heard.digest.inFlight[at] ?? 0) - (own?.inFlight ?? 0));
        for (const seen of ['up', 'down', 'unknown'] as const) {
          sum[seen] += Math.max(0, (heard.digest[seen][at] ?? 0) - (own?.seen === seen ? 1 : 0));
        }
        if (sum.inFlight + sum.up + sum.down + sum.unknown > 0) endpoints.set(id, sum);
      }
    }
    const clients = this.#clientsHeard(nowMs);
    return {
      edges: this.edges(nowMs).length,
      endpoints,
      ...(counted === undefined ? {} : { counted }),
      ...(clients.size === 0 ? {} : { clients }),
    };
  }

  /** What all regions tell of clients, without what this edge told. */
  #clientsHeard(nowMs: number): ReadonlyMap<number, HeardClient> {
    const all = new Map<number, HeardClient>();
    for (const heard of this.#counting(nowMs)) {
      const beside = this.#clients.get(clientsOf(this.#regionOf(heard)));
      if (beside?.number !== heard.digest.number) continue;
      const mine = this.#mine(heard)?.clients;
      for (const [name, { demand, edges }] of beside.totals) {
        const own = mine?.get(name);
        const before = all.get(name) ?? { others: 0, edges: 0 };
        all.set(name, {
          ...before,
          ...(own === undefined ? {} : { own }),
          others: before.others + Math.max(0, demand - (own ?? 0)),
          edges: before.edges + edges - (own === undefined ? 0 : 1),
        });
      }
    }
    return all;
  }

  #regionOf(heard: HeardDigest): string {
    return [...this.#heard].find(([, other]) => other === heard)?.[0] ?? '';
  }

  #mine(heard: HeardDigest): ToldReport | undefined {
    if (!has(heard, this.#deps.edge)) return undefined;
    return this.#deps.reportOf(heard.mine ?? this.#lastReported.get(this.#regionOf(heard)) ?? Number.NaN);
  }

  /** Those that count: not forgotten, and not late with edges that another one reports by now. */
  #counting(nowMs: number): readonly HeardDigest[] {
    const kept = [...this.#heard.values()].filter(({ atMs }) => nowMs - atMs <= this.#deps.forgetMs);
    const fresh = kept.filter((heard) => this.#isFresh(heard, nowMs));
    const isMoved = ({ members }: HeardDigest) => members.some(([edge]) => fresh.some((other) => has(other, edge)));
    return kept.filter((heard) => fresh.includes(heard) || !isMoved(heard));
  }

  #isFresh({ atMs }: HeardDigest, nowMs: number): boolean {
    return nowMs - atMs <= (LATE_REPORTS + 1) * this.#deps.reportMs;
  }

  /** What the hashes of these digests stand for: known, or asked of the store. */
  async #names(digests: readonly Digest[], store: RegionStore) {
    const members = new Map([...this.#heard.values()].map((heard) => [heard.digest.members, heard.members]));
    const ids = new Map([...this.#heard.values()].map((heard) => [heard.digest.names, heard.ids]));
    const lacking = digests.flatMap((digest) => [
      ...(members.has(digest.members) ? [] : [digest.members]),
      ...(ids.has(digest.names) ? [] : [digest.names]),
    ]);
    const hashes = [...new Set(lacking)];
    const texts = hashes.length === 0 ? [] : await store.names(hashes);
    const text = new Map(hashes.map((hash, at) => [hash, texts[at]]));
    const read = <T>(of: (text: string) => T, hash: string) => {
      const found = text.get(hash);
      return found === undefined ? undefined : of(found);
    };
    return {
      members: (hash: string) => members.get(hash) ?? read(readMembers, hash),
      ids: (hash: string) => ids.get(hash) ?? read(readNames, hash),
    };
  }
}

/** How the names end under which clients are. */
const CLIENTS = clientsOf('');

function has({ members }: HeardDigest, edge: string): boolean {
  return members.some(([id]) => id === edge);
}
