import { isLinearizable, type Operation } from '../../bench/fleet/linearizable.ts';
import type { State } from '../../src/fleet/strong/state.ts';
import { StrongValues } from '../../src/fleet/strong/strong-values.ts';
import { type Carry, SimulatedVoter, simulatedAcceptor } from './simulated-acceptor.ts';
import { VirtualTime } from './virtual-time.ts';

const WALL_MS = 1_800_000_000_000;
const DELAY_MS = 20;
const LIMIT_MS = 400;
/** Calls that are on their way for long, and how long. */
const STUCK = 0.04;
const STUCK_MS = 1500;

type Edge = { readonly name: string; readonly values: StrongValues; readonly stop: AbortController };

/** Edges, servers and what lies between them, in virtual time; all that edges did, and what they were told. */
export class StrongSimulation {
  readonly time = new VirtualTime();
  readonly voters: readonly SimulatedVoter[];
  readonly edges: Edge[];
  readonly #done = new Map<string, Operation[]>();
  readonly #seen = new Map<string, string>();
  readonly #cuts = new Set<string>();
  readonly #random: () => number;
  #running = 0;
  counts = { done: 0, refused: 0, unknown: 0, stopped: 0, founded: 0, admitted: 0, erased: 0 };

  constructor(random: () => number, voters: number, edges: number) {
    this.#random = random;
    this.voters = Array.from({ length: voters }, (_, at) => new SimulatedVoter(`r${at}`));
    this.edges = Array.from({ length: edges }, (_, at) => this.#edge(`e${at}`));
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** One of the things that people do to a key. */
  act(edge: Edge, key: string): void {
    const draw = this.#random();
    if (draw < 0.35) this.read(edge, key);
    else if (draw < 0.75) this.#write(edge, key, { isDelete: draw > 0.58, after: undefined });
    else this.#write(edge, key, { isDelete: false, after: this.#seen.get(`${edge.name} ${key}`) ?? '' });
  }

  /** Has a key forgotten that was deleted, as if that were long past. */
  erase(edge: Edge, key: string): void {
    this.#running += 1;
    void edge.values.erase(key).then((erased) => {
      this.#running -= 1;
      this.counts.erased += erased ? 1 : 0;
      return undefined;
    });
  }

  read(edge: Edge, key: string): void {
    void this.#record(key, async () => {
      const outcome = await edge.values.read(key);
      if (outcome.kind === 'unavailable') return 'nothing';
      const saw = nameOf(outcome.state);
      this.#seen.set(`${edge.name} ${key}`, saw);
      return { kind: 'read', saw };
    });
  }

  cut(edge: Edge, voter: SimulatedVoter): void {
    this.#cuts.add(`${edge.name} ${voter.name}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** The keys whose history cannot be that of one copy. */
  wrong(): readonly string[] {
    return [...this.#done].filter(([, operations]) => !isLinearizable(operations)).map(([key]) => key);
  }

  historyOf(key: string): readonly Operation[] {
    return this.#done.get(key) ?? [];
  }

  #write(edge: Edge, key: string, { isDelete, after }: { isDelete: boolean; after: string | undefined }): void {
    void this.#record(key, async (unknown) => {
      const written = await edge.values.write(key, {
        value: isDelete ? undefined : this.time.nowMs,
        actor: edge.name,
        condition: (now) => {
          if (after !== undefined && nameOf(now) !== after) return false;
          return true;
        },
        onId: (id) => unknown({ kind: 'write', makes: isDelete ? '' : id, after }),
      });
      if (written.kind === 'done') {
        const makes = isDelete ? '' : written.id;
        this.#seen.set(`${edge.name} ${key}`, makes);
        return { kind: 'write', makes, after };
      }
      if (written.kind === 'stopped') return { kind: 'refused', unlike: after ?? '?' };
      return written.sure ? 'nothing' : 'unknown';
    });
  }

  async #record(
    key: string,
    run: (unknown: (did: Operation['did']) => void) => Promise<Operation['did'] | 'nothing' | 'unknown'>,
  ): Promise<void> {
    const startMs = this.time.nowMs;
    this.#running += 1;
    let meant: Operation['did'] | undefined;
    const did = await run((did) => {
      meant = did;
    });
    this.#running -= 1;
    const all = this.#done.get(key) ?? [];
    this.#done.set(key, all);
    if (did === 'nothing') this.counts.refused += 1;
    else if (did === 'unknown') {
      this.counts.unknown += 1;
      if (meant !== undefined) all.push({ startMs, endMs: Number.POSITIVE_INFINITY, did: meant });
    } else {
      this.counts[did.kind === 'refused' ? 'stopped' : 'done'] += 1;
      all.push({ startMs, endMs: this.time.nowMs, did });
    }
  }

  #edge(name: string): Edge {
    const stop = new AbortController();
    const { time } = this;
    const skewMs = (this.#random() - 0.5) * 4000;
    const voters = new Map(
      this.voters.map((voter) => {
        const isOpen = () => !this.#cuts.has(`${name} ${voter.name}`);
        return [voter.name, simulatedAcceptor(voter, this.#carry(voter, isOpen), () => true)] as const;
      }),
    );
    const values = new StrongValues({
      edge: name,
      voters,
      clock: { nowMs: () => time.nowMs },
      sleep: (ms) => time.delay(ms),
      random: this.#random,
      signal: stop.signal,
      wallMs: () => WALL_MS + skewMs + time.nowMs,
      limitMs: LIMIT_MS,
      emit: (event) => {
        if (event.type !== 'fleet-voters') return;
        this.counts.admitted += event.admitted.length;
        this.counts.founded += event.founded ? 1 : 0;
      },
    });
    return { name, values, stop };
  }

  /** Either way may be lost or slow, and a connection does not outlive its server. */
  #carry(voter: SimulatedVoter, isOpen: () => boolean): Carry {
    const { time } = this;
    return async (run, limitMs) => {
      const startMs = time.nowMs;
      const { run: life } = voter;
      if (this.#random() < STUCK) {
        // It gets there when nobody waits for it any more.
        time.at(this.#random() * STUCK_MS, () => voter.run === life && run());
        await time.delay(Math.min(limitMs, 100));
        throw new Error('no answer');
      }
      await time.delay(this.#random() ** 3 * DELAY_MS * 4);
      if (isOpen() && voter.run === life) {
        const answer = run();
        await time.delay(this.#random() ** 3 * DELAY_MS * 4);
        if (isOpen() && time.nowMs - startMs <= limitMs) return answer;
      }
      await time.delay(startMs + Math.min(limitMs, 100) - time.nowMs);
      throw new Error('no answer');
    };
  }
}

/** A key that was deleted is as one that was never written. */
function nameOf(state: State | undefined): string {
  return state?.value === undefined ? '' : state.id;
}
