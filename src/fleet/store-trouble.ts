import type { Emit } from '../table/event.ts';

/** Where something can be wrong, the gravest first. */
const KINDS = ['link', 'read', 'refused', 'write', 'records'] as const;
export type TroubleKind = (typeof KINDS)[number];

/** What is wrong with one region's store, as a text; an event says so when it begins, changes and ends. */
export class StoreTrouble {
  readonly #region: string;
  readonly #emit: Emit;
  readonly #causes = new Map<TroubleKind, string>();
  #reported = '';

  constructor(region: string, emit: Emit) {
    this.#region = region;
    this.#emit = emit;
  }

  /** Empty when nothing is. */
  get cause(): string {
    return KINDS.map((kind) => this.#causes.get(kind) ?? '').find((cause) => cause !== '') ?? '';
  }

  has(kind: TroubleKind): boolean {
    return (this.#causes.get(kind) ?? '') !== '';
  }

  set(kind: TroubleKind, cause: string): void {
    this.#causes.set(kind, cause);
    const now = this.cause;
    if (now === this.#reported) return;
    this.#reported = now;
    if (now === '') this.#emit({ type: 'fleet-recovered', region: this.#region });
    else this.#emit({ type: 'fleet-trouble', region: this.#region, cause: now });
  }
}
