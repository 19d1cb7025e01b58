import type { Entry } from './acceptor.ts';
import type { Voters } from './ballot-round.ts';

/** Entries that one look brings at most; the rest come with the next. */
const NEWS_MAX = 1000;

/**
 * What one store has accepted since it was asked last: hints of what may have been agreed on without this edge hearing of it, for
 * an edge may die between most regions having accepted a value and telling the others of it.
 */
export class StrongNews {
  readonly #voters: Voters;
  readonly #limitMs: number;
  #from = { region: '', life: '', place: 0 };

  constructor(voters: Voters, limitMs: number) {
    this.#voters = voters;
    this.#limitMs = limitMs;
  }

  /** Asks `region`, or else the first that can be asked. Rejects when it does not answer. */
  async look(region: string): Promise<readonly Entry[]> {
    const there = [...this.#voters].filter(([, acceptor]) => acceptor.isConnected());
    const [name, acceptor] = there.find(([other]) => other === region) ?? there[0] ?? [];
    if (name === undefined || acceptor === undefined) return [];
    const { life } = await acceptor.stand(this.#limitMs);
    if (this.#from.region !== name || this.#from.life !== life) this.#from = { region: name, life, place: 0 };
    const entries: Entry[] = [];
    for (let more = true; more && entries.length < NEWS_MAX; ) {
      const dump = await acceptor.dump(this.#from.place, this.#limitMs);
      entries.push(...dump.entries);
      this.#from = { ...this.#from, place: dump.after };
      more = dump.more;
    }
    return entries;
  }
}
