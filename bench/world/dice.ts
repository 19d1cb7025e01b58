/** Chance from a seed: equal seeds give equal worlds. (sfc32, seeded by splitmix32.) */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare = Number.NaN;

  /** `stream` keeps apart what is drawn for different things, so that a change of one leaves the others alone. */
  constructor(seed: number, stream: number) {
    const mixed = splitmix((seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0);
    this.#a = mixed();
    this.#b = mixed();
    this.#c = mixed();
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** In [0, 1), as `Math.random` gives. */
  readonly next = (): number => {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };

  /** Time between events that come `rate` times in a unit of it. */
  exponential(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  /** With the mean `mean`; `sigma` is the standard deviation of the logarithm. */
  lognormal(mean: number, sigma: number): number {
    return mean * Math.exp(sigma * this.#normal() - (sigma * sigma) / 2);
  }

  /** Box and Muller's way gives two at a time. */
  #normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

function splitmix(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
