import type { ValueSettings } from '../../config/topology-values.ts';
import type { LoopDeps } from '../../table/loop.ts';
import type { Fleet } from '../fleet.ts';
import type { Entry } from '../strong/acceptor.ts';
import type { State } from '../strong/state.ts';
import type { Known } from '../strong/strong-values.ts';
import { type Rules, type ShownValue, shownValue, strongEtag } from './shown-value.ts';
import type { ValueIndex } from './value-index.ts';
import {
  conflict,
  missing,
  REFUSED_FIX,
  UNKNOWN_FIX,
  type ValueOrder,
  type ValueRead,
  type ValueWritten,
} from './value-outcome.ts';
import { recordKey, type StrongOrigin, VALUE_PREFIX, written } from './value-record.ts';

export type StrongMirrorDeps = Pick<LoopDeps, 'clock' | 'random'> & {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'status' | 'values'>;
  readonly index: ValueIndex;
  readonly settings: Pick<ValueSettings, 'tombstoneMs' | 'consistency'>;
  readonly wallMs: () => number;
};

/** Keys that are asked about, erased or forgotten in one round; the rest wait for the next. */
const ROUND_MAX = 50;
/** How often deletions that are long past are looked for, and stores that do not vote. */
const TIDY_MS = 5000;
const NO_STRONG = 'this edge is alone; strong consistency needs regions';

/**
 * Strong values for whoever only looks: what most regions have agreed on is also written as a record, which every edge has at hand
 * and no decision waits for. It may be behind; a strong read asks the regions.
 */
export class StrongMirror {
  readonly #deps: StrongMirrorDeps;
  readonly #hasStrong: boolean;
  #tidiedMs: number;
  /** Keys that a store had something later of, when it was last asked. */
  #hints: readonly Entry[] = [];

  constructor(deps: StrongMirrorDeps) {
    this.#deps = deps;
    // Edges that begin together do not look after the same things at the same time.
    this.#tidiedMs = deps.clock.nowMs() - deps.random() * TIDY_MS;
    this.#hasStrong = Object.values(deps.settings.consistency).includes('strong');
    deps.fleet.values.strong?.onWritten((key, known) => this.#keep(key, known));
  }

  async read(key: string, rules: Rules): Promise<ValueRead> {
    const { strong } = this.#deps.fleet.values;
    if (strong === undefined) return { kind: 'refused', why: NO_STRONG, fix: REFUSED_FIX };
    const outcome = await strong.read(key);
    if (outcome.kind === 'unavailable') return { kind: 'refused', why: outcome.why, fix: READ_FIX };
    const shown = outcome.state && shownState(key, outcome.state, rules);
    return shown === undefined || shown.deleted ? missing(key, shown) : { kind: 'read', shown };
  }

  async write({ key, value, actor, ifMatch, ifAbsent }: ValueOrder, rules: Rules): Promise<ValueWritten> {
    const { strong } = this.#deps.fleet.values;
    if (strong === undefined) return { kind: 'refused', why: NO_STRONG, fix: REFUSED_FIX };
    const condition = (now: State | undefined) => {
      const there = now?.value === undefined ? undefined : now;
      if (ifAbsent) return there === undefined;
      return ifMatch === undefined || (there !== undefined && (ifMatch === '*' || strongEtag(there) === ifMatch));
    };
    const done = await strong.write(key, { value, actor, condition });
    if (done.kind === 'done') {
      const { edge } = this.#deps.fleet.status();
      const state = { ...done, recent: [], value, actor, by: edge };
      return { kind: 'written', shown: shownState(key, state, rules), stored: 'most' };
    }
    if (done.kind === 'stopped') return conflict(key, done.state && shownState(key, done.state, rules));
    return done.sure
      ? { kind: 'refused', why: done.why, fix: REFUSED_FIX }
      : { kind: 'unknown', why: done.why, fix: UNKNOWN_FIX };
  }

  /** Takes up what was agreed on elsewhere, and has what was deleted long ago forgotten. */
  async tidy(): Promise<void> {
    const { clock, fleet } = this.#deps;
    const { strong } = fleet.values;
    if (this.#hasStrong) await this.#catchUp();
    if (clock.nowMs() - this.#tidiedMs < TIDY_MS) return;
    this.#tidiedMs = clock.nowMs();
    if (this.#hasStrong) await strong?.mend();
    await this.#forgetDeleted();
  }

  /** Who wrote may have died before it told the others. */
  async #catchUp(): Promise<void> {
    const { fleet, index } = this.#deps;
    const { strong } = fleet.values;
    const isBehind = ({ key, accepted }: Entry) => accepted.ballot > (index.get(key)?.said.strong?.ballot ?? '');
    // As a rule whoever wrote has told by now.
    for (const { key } of this.#hints.filter(isBehind).slice(0, ROUND_MAX)) {
      const outcome = await strong?.read(key);
      if (outcome?.kind === 'done') this.#keep(key, outcome);
    }
    const entries = (await strong?.news(fleet.status().region).catch(() => [])) ?? [];
    this.#hints = entries.filter(isBehind);
  }

  async #forgetDeleted(): Promise<void> {
    const { fleet, index, settings, wallMs } = this.#deps;
    const untilMs = wallMs() - settings.tombstoneMs;
    const past = index.list('').filter(({ said, record }) => said.value === undefined && record.writtenAtMs < untilMs);
    for (const { key, said } of past.slice(0, ROUND_MAX)) {
      if (fleet.values.writes(recordKey(key)).length > 1) continue;
      // The record goes last: while it is there, the next round goes on with what this one could not do.
      const isErased = said.strong === undefined || (await this.#isErased(key));
      if (isErased) await fleet.values.forget(recordKey(key));
    }
  }

  async #isErased(key: string): Promise<boolean> {
    const { strong } = this.#deps.fleet.values;
    if (strong === undefined || (await strong.erase(key))) return true;
    const outcome = await strong.read(key);
    return outcome.kind === 'stopped' && outcome.state === undefined;
  }

  /** A later state that is known here already stays. */
  #keep(key: string, { state, ballot }: Known): void {
    const { fleet, index } = this.#deps;
    const known = index.get(key)?.said.strong;
    if (known !== undefined && (known.id === state.id || known.ballot >= ballot)) return;
    const { revision, id, by, atMs, value, actor } = state;
    const strong: StrongOrigin = { revision, id, ballot, by, atMs };
    void fleet.put(recordKey(key), written({ value, actor, strong })).catch(() => {});
  }
}

const READ_FIX = 'try again, or ask with consistency=eventual for what this edge has last heard';

function shownState(key: string, state: State, rules: Rules): ShownValue {
  const { value, actor, by, atMs } = state;
  const strong = { ...state, ballot: '' };
  const record = {
    key: VALUE_PREFIX + key,
    value: written({ value, actor, strong }),
    clock: {},
    writtenAtMs: atMs,
    by,
  };
  return shownValue(key, record, { rules, writes: [] });
}
