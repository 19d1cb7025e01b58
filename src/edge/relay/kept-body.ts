/**
 * The body of a request as it comes from the client, as far as another attempt could have it again. What has come is kept up to a limit;
 * what has not been sent to anybody yet is kept in any case. How it comes, and where it ends, is the front's to know.
 */
export class KeptBody {
  ended = true;
  /** Whether a new attempt would get all of it. */
  replayable = true;
  /** A small body that came whole with its head, one character a byte; empty for any other. */
  text = '';
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #keepBytesMax = 0;

  /** A request begins whose body has `length` bytes (negative: nobody knows how many); up to `keepBytesMax` of it is kept. */
  begin(length: number, keepBytesMax: number): void {
    this.ended = length === 0;
    this.replayable = true;
    this.#keepBytesMax = keepBytesMax;
    this.forget();
  }

  /** Keeps a piece for another attempt. `sent`: somebody has got it, so that it may be let go of when there is no room. */
  keep(piece: Buffer, sent: boolean): void {
    if (!this.replayable) return;
    this.#kept.push(piece);
    this.#keptBytes += piece.length;
    if (sent) this.letGo();
  }

  /** Lets go of what is over the limit: everything, since a part is of no use. */
  letGo(): void {
    if (this.#keptBytes + this.text.length <= this.#keepBytesMax) return;
    this.replayable = false;
    this.forget();
  }

  get kept(): readonly Buffer[] {
    return this.#kept;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  forget(): void {
    this.text = '';
    if (this.#keptBytes === 0) return;
    this.#kept.length = 0;
    this.#keptBytes = 0;
  }
}
