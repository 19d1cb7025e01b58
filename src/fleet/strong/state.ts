/**
 * What a key is after a write. `revision` counts the writes of its life, and `recent` names the last of them, this one included: so
 * whoever does not know what became of a write of its own finds out whether it is among those that this state has behind it.
 */
export type State = {
  readonly revision: number;
  /** Names the write; no two writes have the same. */
  readonly id: string;
  readonly recent: readonly string[];
  /** Undefined: the key was deleted. */
  readonly value: unknown;
  readonly actor: string;
  /** The edge that was asked, and the time by its wall clock. */
  readonly by: string;
  readonly atMs: number;
};

/** Writes that a state names. More come between a write and the next try at it only if it is overtaken as often within its time. */
export const RECENT_MAX = 16;

/** The state after one more write. */
export function after(before: State | undefined, write: Omit<State, 'revision' | 'recent'>): State {
  const recent = [...(before?.recent ?? []), write.id].slice(-RECENT_MAX);
  return { ...write, revision: (before?.revision ?? 0) + 1, recent };
}

/** Whether `state` names every write since `base`, so that one that it does not name is none of them. */
export function reachesBack(state: State | undefined, base: State | undefined): boolean {
  if (state === undefined) return base === undefined;
  return base === undefined ? state.revision <= state.recent.length : state.recent.includes(base.id);
}

/** `[1, revision, id, recent, actor, by, atMs, value]`, the last left out when the key was deleted. */
export function stateText({ revision, id, recent, value, actor, by, atMs }: State): string {
  return JSON.stringify([1, revision, id, recent, actor, by, atMs, ...(value === undefined ? [] : [value])]);
}

/** Reads such a text. Throws when it is none: who goes on without it would write over what it cannot read. */
export function readState(text: string): State {
  const raw: unknown = JSON.parse(text);
  if (!Array.isArray(raw) || raw[0] !== 1) throw new Error('a strong value has a form that this edge does not know');
  const [, revision, id, recent, actor, by, atMs, value] = raw as readonly unknown[];
  if (typeof revision !== 'number' || typeof id !== 'string' || !Array.isArray(recent)) {
    throw new Error('a strong value lacks what it should have');
  }
  return { revision, id, recent: recent.map(String), actor: String(actor), by: String(by), atMs: Number(atMs), value };
}
