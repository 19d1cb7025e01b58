import type { AlertClaim, Claimed } from '../../src/fleet/fleet.ts';

type Slip = { holder: string; notified: boolean; readonly seenMs: Map<string, number> };

/** Who tells of which alert, as the script of src/fleet/redis-scripts.ts has it. */
export class ClaimBoard {
  readonly #slips = new Map<string, Slip>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  claim(edge: string, claims: readonly AlertClaim[], there: readonly string[]): readonly Claimed[] {
    return claims.map((one) => this.#one(edge, one, there));
  }

  #one(edge: string, { key, want, notified, freshMs }: AlertClaim, there: readonly string[]): Claimed {
    const nowMs = this.#nowMs();
    const slip: Slip = this.#slips.get(key) ?? { holder: '', notified: false, seenMs: new Map<string, number>() };
    this.#slips.set(key, slip);
    const seen = there.filter((id) => nowMs - (slip.seenMs.get(id) ?? Number.NEGATIVE_INFINITY) < freshMs);
    const heir = seen.filter((id) => id !== edge).toSorted((a, b) => (a < b ? -1 : 1))[0] ?? '';
    const isMine = ['', edge].includes(slip.holder) || !seen.includes(slip.holder);
    if (notified) slip.notified = true;
    if (want === 'hold') slip.seenMs.set(edge, nowMs);
    else slip.seenMs.delete(edge);
    if (isMine) slip.holder = want === 'hold' ? edge : want === 'leave' || heir !== '' ? heir : edge;
    if (slip.holder === '') this.#slips.delete(key);
    return { holder: slip.holder, notified: slip.notified };
  }
}
