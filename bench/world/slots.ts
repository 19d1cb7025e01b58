/** Things by small numbers, which the agenda can hold; a number is given again when its thing has gone. */
export class Slots<T> {
  readonly #things: (T | undefined)[] = [];
  readonly #free: number[] = [];

  put(thing: T): number {
    const at = this.#free.pop() ?? this.#things.push(undefined) - 1;
    this.#things[at] = thing;
    return at;
  }

  get(at: number): T {
    return this.#things[at] as T;
  }

  /** Gives the number back. */
  take(at: number): T {
    const thing = this.#things[at] as T;
    this.#things[at] = undefined;
    this.#free.push(at);
    return thing;
  }
}
