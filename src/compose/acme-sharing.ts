import { createHash } from 'node:crypto';
import type { OpenChallenges } from '../acme/open-challenges.ts';
import type { Proof } from '../acme/order.ts';
import type { Seal } from '../acme/seal.ts';
import type { Sharing } from '../acme/sharing.ts';
import type { AcmeSettings } from '../config/topology-acme.ts';
import { ACME_PREFIX, acmeKey, acmeRecordOf, acmeTurnOf } from '../fleet/acme-record.ts';
import type { Fleet, SharedRecord } from '../fleet/fleet.ts';
import type { LoopDeps } from '../table/loop.ts';

export type AcmeSharingDeps = Pick<LoopDeps, 'sleep' | 'signal'> & {
  readonly fleet: Pick<Fleet, 'list' | 'put' | 'onChange' | 'status' | 'values'>;
  readonly wallMs: () => number;
  readonly wanted: () => readonly AcmeSettings[];
  readonly sealOf: (secret: string) => Seal;
  /** Where this edge answers challenges: those of other edges too. */
  readonly open: Pick<OpenChallenges, 'answer'>;
};

/** `orders`: those that are under way. */
type Turn = { orders: number };

/** How long a turn is good for, unless it is taken again; whoever dies in it keeps the others waiting for so long. */
export const TURN_MS = 60_000;
const TURN_AGAIN_MS = 20_000;
/** How far wall clocks of edges may be apart. */
const CLOCKS_APART_MS = 5000;
/** By then edges have what was written: in one region from the store, at once; in others from each other. */
const HEARD_MS = 1000;
const HEARD_FAR_MS = 4000;
/** A challenge is answered for no longer: more than an order may take. */
const CHALLENGE_MS = 10 * 60_000;

/** What the edges of a fleet obtain together. Times are by wall clocks: edges compare them. */
export class AcmeSharing implements Sharing {
  readonly #deps: AcmeSharingDeps;
  readonly #edge: string;
  readonly #records = new Map<string, SharedRecord>();
  /** Ends the answers to challenges of other edges, by key. */
  readonly #answers = new Map<string, () => void>();
  /** What this edge has the turn for, by its key. */
  readonly #turns = new Map<string, Turn>();

  constructor(deps: AcmeSharingDeps) {
    this.#deps = deps;
    this.#edge = deps.fleet.status().edge;
    deps.fleet.onChange((record) => this.#take(record));
    for (const record of deps.fleet.list(ACME_PREFIX)) this.#take(record);
  }

  account(settings: AcmeSettings): string | undefined {
    return this.#read(settings, acmeKey('account', accountId(settings)));
  }

  keepAccount(settings: AcmeSettings, text: string): Promise<void> {
    return this.#write(settings, acmeKey('account', accountId(settings)), { text, rank: -this.#deps.wallMs() });
  }

  certificate(settings: AcmeSettings, domain: string): string | undefined {
    return this.#read(settings, acmeKey('certificate', nameId(settings, domain)));
  }

  keepCertificate(settings: AcmeSettings, domain: string, text: string, notAfterMs: number): Promise<void> {
    return this.#write(settings, acmeKey('certificate', nameId(settings, domain)), { text, rank: notAfterMs });
  }

  async takeTurn(settings: AcmeSettings): Promise<boolean> {
    const key = acmeKey('turn', accountId(settings));
    // Nobody asks the store every second for what another edge is known to have.
    if (!this.#isFree(this.#records.get(key), this.#deps.wallMs())) return false;
    if (!this.#turns.has(key) && !(await this.#hold(key))) return false;
    const turn = this.#turns.get(key) ?? { orders: 0 };
    turn.orders += 1;
    if (turn.orders > 1) return true;
    this.#turns.set(key, turn);
    void this.#holdOn(key, turn);
    return true;
  }

  async endTurn(settings: AcmeSettings): Promise<void> {
    const key = acmeKey('turn', accountId(settings));
    const turn = this.#turns.get(key);
    if (turn === undefined) return;
    turn.orders -= 1;
    if (turn.orders > 0) return;
    this.#turns.delete(key);
    const { fleet, wallMs } = this.#deps;
    const ended = { holder: this.#edge, untilMs: 0, rank: -wallMs() };
    await fleet.values
      .putIf(key, (now) => (now !== undefined && this.#isOurs(now) ? ended : undefined))
      .catch(() => {});
  }

  async prove(settings: AcmeSettings, proof: Proof): Promise<() => void> {
    const key = acmeKey('challenge', nameId(settings, proof.domain));
    const untilMs = this.#deps.wallMs() + CHALLENGE_MS;
    await this.#write(settings, key, { text: JSON.stringify({ ...proof, untilMs }), rank: -this.#deps.wallMs() });
    await this.#deps.sleep(this.#heardMs, this.#deps.signal);
    const over = JSON.stringify({ ...proof, untilMs: 0 });
    return () => void this.#write(settings, key, { text: over, rank: -this.#deps.wallMs() }).catch(() => {});
  }

  get #heardMs(): number {
    return this.#isFar ? HEARD_FAR_MS : HEARD_MS;
  }

  get #isFar(): boolean {
    return this.#deps.fleet.status().regions.length > 1;
  }

  /** Takes the turn in the store of this region; with several regions, holds what all of them come to. */
  async #hold(key: string): Promise<boolean> {
    const { fleet, wallMs, sleep, signal } = this.#deps;
    const nowMs = wallMs();
    const ours = { holder: this.#edge, untilMs: nowMs + TURN_MS, rank: -nowMs };
    const done = await fleet.values.putIf(key, (now) => (this.#isFree(now, nowMs) ? ours : undefined));
    if (done.kind !== 'put') return false;
    if (!this.#isFar) return true;
    await sleep(this.#heardMs, signal);
    const now = this.#records.get(key);
    return now !== undefined && this.#isOurs(now);
  }

  async #holdOn(key: string, turn: Turn): Promise<void> {
    const { sleep, signal } = this.#deps;
    for (;;) {
      await sleep(TURN_AGAIN_MS, signal);
      if (signal.aborted || this.#turns.get(key) !== turn) return;
      await this.#hold(key).catch(() => {});
    }
  }

  #isFree(record: SharedRecord | undefined, nowMs: number): boolean {
    const turn = record && acmeTurnOf(record);
    return turn === undefined || turn.holder === this.#edge || turn.untilMs + CLOCKS_APART_MS < nowMs;
  }

  #isOurs(record: SharedRecord): boolean {
    return acmeTurnOf(record)?.holder === this.#edge;
  }

  #read({ fleetSecret }: AcmeSettings, key: string): string | undefined {
    const record = this.#records.get(key);
    const sealed = record && acmeRecordOf(record)?.sealed;
    return sealed === undefined ? undefined : this.#deps.sealOf(fleetSecret ?? '').open(sealed, key);
  }

  async #write(
    { fleetSecret }: AcmeSettings,
    key: string,
    { text, rank }: { readonly text: string; readonly rank: number },
  ): Promise<void> {
    const sealed = this.#deps.sealOf(fleetSecret ?? '').close(text, key);
    await this.#deps.fleet.put(key, { sealed, rank });
  }

  #take(record: SharedRecord): void {
    const { key } = record;
    if (!key.startsWith(ACME_PREFIX)) return;
    this.#records.set(key, record);
    if (key.startsWith(acmeKey('challenge', '')) && record.by !== this.#edge) this.#answer(key);
  }

  /** Answers what another edge is asked for. Nobody without the secret can have written that. */
  #answer(key: string): void {
    this.#answers.get(key)?.();
    this.#answers.delete(key);
    for (const settings of this.#deps.wanted()) {
      if (settings.fleetSecret === undefined) continue;
      const domain = settings.domains.find((name) => acmeKey('challenge', nameId(settings, name)) === key);
      const text = domain === undefined ? undefined : this.#read(settings, key);
      if (text === undefined) continue;
      const { untilMs, ...proof } = JSON.parse(text) as Proof & { readonly untilMs: number };
      const leftMs = Math.min(CHALLENGE_MS, untilMs - this.#deps.wallMs());
      if (leftMs <= 0) return;
      const end = this.#deps.open.answer(proof);
      this.#answers.set(key, end);
      void this.#deps.sleep(leftMs, this.#deps.signal).then(end);
      return;
    }
  }
}

function accountId({ directory, externalAccount }: AcmeSettings): string {
  return hashOf([directory, externalAccount?.keyId ?? '']);
}

function nameId({ directory, keyType }: AcmeSettings, domain: string): string {
  return hashOf([directory, keyType, domain]);
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
