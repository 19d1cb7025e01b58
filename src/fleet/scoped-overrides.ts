import { type OverrideScope, scopeText } from '../config/override-scope.ts';
import type { InForce } from './override.ts';

/**
 * What is in force, found by the scope that it was said for. An endpoint is reached through five scopes at most
 * (`scopesReaching`), so what holds for it is five look-ups, however many decisions there are.
 */
export class ScopedOverrides {
  readonly #byScope = new Map<string, readonly InForce[]>();

  constructor(all: Iterable<InForce> = []) {
    for (const one of all) this.set(one);
  }

  /** What was said for this very scope, by its text: one of each kind at most. */
  at(scope: string): readonly InForce[] {
    return this.#byScope.get(scope) ?? NOTHING;
  }

  /** Takes the place of what was said of the same kind for the same scope. */
  set(one: InForce): void {
    const scope = scopeText(one.scope);
    this.#byScope.set(scope, [...this.#others(scope, one.kind), one]);
  }

  delete(kind: InForce['kind'], scope: OverrideScope): void {
    const text = scopeText(scope);
    const left = this.#others(text, kind);
    if (left.length === 0) this.#byScope.delete(text);
    else this.#byScope.set(text, left);
  }

  #others(scope: string, kind: InForce['kind']): readonly InForce[] {
    return this.at(scope).filter((one) => one.kind !== kind);
  }
}

const NOTHING: readonly InForce[] = Object.freeze([]);
