import { isChanging, type OutField } from './out-field.ts';

/** Names that are remembered as they are written; when there are more, all are forgotten. */
export const NAMES_MAX = 128;
/** Values that are remembered of each, the last ones. */
export const VALUES_MAX = 8;

/** Of one whose value is another each time there is nothing but a pattern. */
type Named = { readonly changing: boolean; readonly fields: OutField[]; next: number };

/**
 * The fields that names and values become which this edge says itself, mostly the same few names in the same writing: looking a name up that is a constant,
 * and comparing some values, costs less than making a line of both and looking for that.
 */
export class NamedFields {
  readonly #known = new Map<string, Named>();
  readonly #make: (name: string, value: string) => OutField;

  /** `make` is asked for what is not remembered. */
  constructor(make: (name: string, value: string) => OutField) {
    this.#make = make;
  }

  of(name: string, value: string): OutField {
    const known = this.#known.get(name);
    if (known === undefined) return this.#learn(name, value);
    const { changing, fields } = known;
    if (changing) return value === '' ? this.#make(name, value) : (fields[0] as OutField).with(value);
    for (const field of fields) if (field.value === value) return field;
    const field = this.#make(name, value);
    fields[known.next] = field;
    known.next = (known.next + 1) % VALUES_MAX;
    return field;
  }

  #learn(name: string, value: string): OutField {
    const field = this.#make(name, value);
    const changing = isChanging(field.name);
    if (this.#known.size >= NAMES_MAX) this.#known.clear();
    // What only one client should know is not kept for the next.
    this.#known.set(name, { changing, fields: [changing ? field.with('?') : field], next: 1 });
    return field;
  }
}
