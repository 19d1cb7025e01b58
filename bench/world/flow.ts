/** A pipe of a network: so much may flow from one node to another, at so much for each unit. */
export type Pipe = { readonly from: number; readonly to: number; readonly most: number; readonly cost: number };

/** Flows below this are none: sums of doubles are not exact. */
const NOTHING = 1e-9;

/**
 * The cheapest way to bring as much as can be from `source` to `sink`: what flows through each pipe, by place. Costs are at least 0,
 * and what flows may be a fraction.
 *
 * Successive shortest paths: as long as there is a way with room, the cheapest one is filled. A pipe that carries something can
 * also be used backwards, for its price back, so that an early choice can be undone. Costs along cheapest ways never fall,
 * so pipes side by side with rising costs are filled in their order: that is how a price that rises with the load is written.
 */
export function cheapestFlow(nodes: number, pipes: readonly Pipe[], source: number, sink: number): Float64Array {
  const net = new Residual(nodes, pipes);
  while (net.fill(source, sink) > NOTHING);
  return net.flows();
}

/** What more could flow: each pipe as two arcs, forth at `2 i` and back at `2 i + 1`. */
class Residual {
  readonly #to: Int32Array;
  readonly #room: Float64Array;
  readonly #cost: Float64Array;
  readonly #arcsOf: readonly number[][];
  readonly #far: Float64Array;
  /** The arc by which the cheapest way comes to a node. */
  readonly #by: Int32Array;
  /** By these, arcs cost at least 0 all the time, and the nearest node is final once it is reached (Johnson). */
  readonly #potential: Float64Array;
  readonly #final: Uint8Array;

  constructor(nodes: number, pipes: readonly Pipe[]) {
    this.#to = new Int32Array(pipes.length * 2);
    this.#room = new Float64Array(pipes.length * 2);
    this.#cost = new Float64Array(pipes.length * 2);
    this.#arcsOf = Array.from({ length: nodes }, () => []);
    this.#far = new Float64Array(nodes);
    this.#by = new Int32Array(nodes);
    this.#potential = new Float64Array(nodes);
    this.#final = new Uint8Array(nodes);
    for (const [at, { from, to, most, cost }] of pipes.entries()) {
      this.#to[2 * at] = to;
      this.#to[2 * at + 1] = from;
      this.#room[2 * at] = most;
      this.#cost[2 * at] = cost;
      this.#cost[2 * at + 1] = -cost;
      (this.#arcsOf[from] as number[]).push(2 * at);
      (this.#arcsOf[to] as number[]).push(2 * at + 1);
    }
  }

  /** Sends as much as has room along the cheapest way; how much that was, 0 when there is none. */
  fill(source: number, sink: number): number {
    this.#measure(source);
    if (this.#far[sink] === Number.POSITIVE_INFINITY) return 0;
    for (let node = 0; node < this.#far.length; node += 1) {
      const far = this.#far[node] as number;
      if (far < Number.POSITIVE_INFINITY) this.#potential[node] = (this.#potential[node] as number) + far;
    }
    let amount = Number.POSITIVE_INFINITY;
    for (let node = sink; node !== source; node = this.#before(node)) {
      amount = Math.min(amount, this.#room[this.#by[node] as number] as number);
    }
    for (let node = sink; node !== source; node = this.#before(node)) {
      const arc = this.#by[node] as number;
      this.#room[arc] = (this.#room[arc] as number) - amount;
      this.#room[arc ^ 1] = (this.#room[arc ^ 1] as number) + amount;
    }
    return amount;
  }

  flows(): Float64Array {
    return Float64Array.from({ length: this.#room.length / 2 }, (_, at) => this.#room[2 * at + 1] as number);
  }

  #before(node: number): number {
    return this.#to[(this.#by[node] as number) ^ 1] as number;
  }

  /** Dijkstra's way without a heap: there are few nodes. */
  #measure(source: number): void {
    this.#far.fill(Number.POSITIVE_INFINITY);
    this.#final.fill(0);
    this.#far[source] = 0;
    for (;;) {
      const node = this.#nearest();
      if (node === -1) return;
      this.#final[node] = 1;
      const base = (this.#far[node] as number) + (this.#potential[node] as number);
      for (const arc of this.#arcsOf[node] as number[]) {
        if ((this.#room[arc] as number) <= NOTHING) continue;
        const to = this.#to[arc] as number;
        const far = Math.max(
          this.#far[node] as number,
          base + (this.#cost[arc] as number) - (this.#potential[to] as number),
        );
        if (far >= (this.#far[to] as number) || this.#final[to] === 1) continue;
        this.#far[to] = far;
        this.#by[to] = arc;
      }
    }
  }

  #nearest(): number {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let node = 0; node < this.#far.length; node += 1) {
      if (this.#final[node] === 1 || (this.#far[node] as number) >= least) continue;
      least = this.#far[node] as number;
      nearest = node;
    }
    return nearest;
  }
}
