/**
 * Times in ISO 8601 (UTC, milliseconds), for times that come one shortly after the other: what they share, up to the
 * second, is made once.
 */
export class IsoTime {
  #second = Number.NaN;
  #prefix = '';

  /** `wallMs` are whole or broken milliseconds since 1970, up to the year 9999. */
  at(wallMs: number): string {
    const second = Math.floor(wallMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#prefix = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
    }
    return `${this.#prefix}${String(Math.floor(wallMs - second * 1000)).padStart(3, '0')}Z`;
  }
}

/** One time in ISO 8601 (UTC, milliseconds). */
export function isoOf(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
