import { dirname } from 'node:path';
import type { AcmeSettings } from '../config/topology-acme.ts';
import type { LoopDeps } from '../table/loop.ts';
import { AuthorityError } from './authority-error.ts';
import { backOffMs } from './back-off.ts';
import { byUrgency, type CertificateJob, dueMs, factsOf, type JobFacts, jobOf } from './certificate-job.ts';
import type { Exchange } from './exchange.ts';
import { issuedOf } from './issued.ts';
import { checkKeeping, readKept, sweepKept, writeKept } from './kept-file.ts';
import { obtain, type Proof } from './order.ts';
import { partsOf } from './pem-parts.ts';
import { renewalInfoOf } from './renewal-info.ts';
import { type Session, startSession } from './session.ts';
import { Sessions } from './sessions.ts';
import type { Sharing } from './sharing.ts';
import { readTrouble, removeTrouble, writeTrouble } from './trouble-file.ts';

export type IssuerDeps = LoopDeps & {
  readonly wallMs: () => number;
  /** What the file wants now, listener by listener. */
  readonly wanted: () => readonly AcmeSettings[];
  /** How the authority of these settings is talked to. Rejects when `directory_ca` cannot be read. */
  readonly exchange: (settings: AcmeSettings) => Promise<Exchange>;
  /** Has this edge answer a challenge; resolves when all of its threads do, with what ends that. */
  readonly prove: (proof: Proof) => Promise<() => void>;
  /** What edges have together, where settings say that they share. */
  readonly sharing: Sharing | undefined;
};

/** Orders that are under way at once. */
const ORDERS_MAX = 4;
/** How long renewal information that could not be had is left alone. */
const ASK_AGAIN_MS = 3_600_000;

/** Obtains and renews the certificates that the file wants; what it has obtained it puts into their files, which are watched. */
export class Issuer {
  readonly #deps: IssuerDeps;
  /** By file: several listeners may show one. */
  readonly #jobs = new Map<string, CertificateJob>();
  /** Authorities that were away, by directory: failures in a row, and until when they are left alone. */
  readonly #away = new Map<string, { readonly failures: number; readonly untilMs: number }>();

  constructor(deps: IssuerDeps) {
    this.#deps = deps;
  }

  /** Of every certificate that is wanted, in the order of the file. */
  facts(): readonly JobFacts[] {
    const at = { nowMs: this.#deps.clock.nowMs(), wallMs: this.#deps.wallMs() };
    return Array.from(this.#jobs.values(), (job) => factsOf(job, at));
  }

  /** One round: takes up what the file wants now, obtains what is due, and asks when what is there is to be renewed. */
  async tick(): Promise<void> {
    await this.#follow();
    const sessions = new Sessions((settings) => this.#signIn(settings));
    try {
      const due = [...this.#jobs.values()].filter((job) => this.#isDue(job)).toSorted(byUrgency);
      for (let at = 0; at < due.length && !this.#deps.signal.aborted; at += ORDERS_MAX) {
        await Promise.all(due.slice(at, at + ORDERS_MAX).map((job) => this.#renew(job, sessions)));
      }
      for (const job of this.#jobs.values()) await this.#askWhen(job, sessions);
    } finally {
      await sessions.close();
    }
  }

  async #follow(): Promise<void> {
    const wanted = this.#deps.wanted().flatMap((settings) => settings.domains.map((domain) => jobOf(settings, domain)));
    const files = new Set(wanted.map(({ file }) => file));
    for (const file of this.#jobs.keys()) if (!files.has(file)) this.#jobs.delete(file);
    for (const job of wanted) {
      const known = this.#jobs.get(job.file);
      if (known === undefined) await this.#load(job);
      else if (known.settings !== job.settings) this.#jobs.set(job.file, { ...known, settings: job.settings });
    }
    for (const job of this.#jobs.values()) await this.#takeShared(job);
  }

  async #load(job: CertificateJob): Promise<void> {
    const { wallMs, clock } = this.#deps;
    await sweepKept(dirname(job.file), wallMs());
    job.issued = await this.#read(job, await readKept(job.file).catch(() => undefined));
    const trouble = await readTrouble(job.file, wallMs());
    if (trouble !== undefined) {
      const { untilMs, ...rest } = trouble;
      Object.assign(job, rest, { restMs: clock.nowMs() + untilMs - wallMs() });
    }
    this.#jobs.set(job.file, job);
  }

  /** What is kept, unless nobody could be shown it. */
  async #read({ domain }: CertificateJob, pem: string | undefined): Promise<CertificateJob['issued']> {
    const parts = pem === undefined ? undefined : partsOf(pem);
    if (parts === undefined) return undefined;
    return Promise.try(issuedOf, domain, parts, this.#deps.wallMs()).catch(() => undefined);
  }

  /** Another edge has obtained it. */
  async #takeShared(job: CertificateJob): Promise<void> {
    const { settings, domain } = job;
    const pem = this.#sharingOf(settings)?.certificate(settings, domain);
    if (pem === undefined || pem === job.issued?.pem) return;
    const issued = await this.#read(job, pem);
    if (issued === undefined || issued.notAfterMs <= (job.issued?.notAfterMs ?? 0)) return;
    // What cannot be kept now is tried again in the next round.
    await writeKept(job.file, issued.pem).then(
      () => this.#done(job, issued),
      () => {},
    );
  }

  #sharingOf({ fleetSecret }: AcmeSettings): Sharing | undefined {
    return fleetSecret === undefined ? undefined : this.#deps.sharing;
  }

  #isDue(job: CertificateJob): boolean {
    const { clock, wallMs } = this.#deps;
    const awayMs = this.#away.get(job.settings.directory)?.untilMs ?? 0;
    return dueMs(job) <= wallMs() && Math.max(job.restMs, awayMs) <= clock.nowMs();
  }

  async #renew(job: CertificateJob, sessions: Sessions): Promise<void> {
    const { settings } = job;
    const sharing = this.#sharingOf(settings);
    if (sharing !== undefined && !(await sharing.takeTurn(settings))) return;
    job.ordering = true;
    try {
      // Whoever had the turn before may have obtained it.
      await this.#takeShared(job);
      if (this.#isDue(job)) await this.#order(job, sessions);
    } finally {
      job.ordering = false;
      await sharing?.endTurn(settings);
    }
  }

  async #order(job: CertificateJob, sessions: Sessions): Promise<void> {
    const { clock, emit, signal } = this.#deps;
    const startMs = clock.nowMs();
    let session: Session | undefined;
    try {
      // Whatever an authority issues is counted, also what nobody could keep.
      await checkKeeping(dirname(job.file));
      session = await sessions.of(job.settings);
      const issued = await this.#obtain(job, session);
      this.#away.delete(job.settings.directory);
      await this.#done(job, issued);
      const { directory } = job.settings;
      const tookMs = clock.nowMs() - startMs;
      emit({
        type: 'acme-obtained',
        domain: job.domain,
        directory,
        notAfterMs: issued.notAfterMs,
        renewMs: dueMs(job),
        tookMs,
      });
    } catch (error) {
      // What ends with the edge has not failed.
      if (signal.aborted) return;
      const failed = error instanceof AuthorityError ? error : new AuthorityError('refused', (error as Error).message);
      if (failed.type === 'accountDoesNotExist') await session?.forget();
      await this.#failed(job, failed);
    }
  }

  async #obtain(job: CertificateJob, { authority, account, key }: Session) {
    const { prove, wallMs } = this.#deps;
    const { settings, domain, failures } = job;
    const { renewalInfo } = await authority.directory();
    const sharing = this.#sharingOf(settings);
    const ordered = await obtain(
      {
        domain,
        keyType: settings.keyType,
        challenges: inTurn(settings.challenges, failures),
        replaces: renewalInfo === undefined ? undefined : job.issued?.renewalId,
      },
      {
        ...this.#deps,
        authority,
        account,
        key,
        prove: async (proof) => {
          const ends = [await prove(proof), await sharing?.prove(settings, proof)];
          return () => ends.forEach((end) => end?.());
        },
      },
    );
    const issued = issuedOf(domain, ordered, wallMs());
    await writeKept(job.file, issued.pem);
    // In force here already; an edge that does not hear of it obtains its own.
    await sharing?.keepCertificate(settings, domain, issued.pem, issued.notAfterMs).catch(() => {});
    return issued;
  }

  async #done(job: CertificateJob, issued: NonNullable<CertificateJob['issued']>): Promise<void> {
    Object.assign(job, { issued, window: undefined, askMs: 0, failures: 0, error: '', trouble: undefined, restMs: 0 });
    await removeTrouble(job.file).catch(() => {});
  }

  async #failed(job: CertificateJob, error: AuthorityError): Promise<void> {
    const { clock, random, emit, wallMs } = this.#deps;
    const nowMs = clock.nowMs();
    const { trouble, message } = error;
    job.failures += 1;
    const waitMs = backOffMs(job.failures, error, random());
    Object.assign(job, { trouble, error: message, restMs: nowMs + waitMs });
    const { directory } = job.settings;
    if (trouble === 'away') {
      const before = this.#away.get(directory);
      // Those that were under way together have met the same.
      const failures = (before?.failures ?? 0) + (before === undefined || before.untilMs <= nowMs ? 1 : 0);
      this.#away.set(directory, { failures, untilMs: nowMs + backOffMs(failures, error, random()) });
    } else {
      this.#away.delete(directory);
      const kept = { failures: job.failures, error: message, trouble, untilMs: wallMs() + waitMs };
      await writeTrouble(job.file, kept).catch(() => {});
    }
    emit({
      type: 'acme-failed',
      domain: job.domain,
      directory,
      trouble,
      error: message,
      failures: job.failures,
      againMs: waitMs,
    });
  }

  /** Asks when the authority would have a certificate renewed (RFC 9773), where it says. That it cannot say so now is no failure. */
  async #askWhen(job: CertificateJob, sessions: Sessions): Promise<void> {
    const { clock, signal } = this.#deps;
    const { settings, issued } = job;
    if (issued?.renewalId === undefined || job.askMs > clock.nowMs() || signal.aborted) return;
    if ((this.#away.get(settings.directory)?.untilMs ?? 0) > clock.nowMs()) return;
    job.askMs = clock.nowMs() + ASK_AGAIN_MS;
    try {
      const { authority } = await sessions.of(settings);
      const { renewalInfo } = await authority.directory();
      if (renewalInfo === undefined) return;
      const info = renewalInfoOf(await authority.get(`${renewalInfo.replace(/\/$/, '')}/${issued.renewalId}`));
      if (job.issued !== issued) return;
      job.window = info.window;
      job.askMs = clock.nowMs() + info.againMs;
    } catch {
      // Two thirds of the lifetime, or what was said before, is good enough.
    }
  }

  async #signIn(settings: AcmeSettings): Promise<Session> {
    const { exchange, wallMs } = this.#deps;
    const sharing = this.#sharingOf(settings);
    const shared = sharing && {
      read: () => sharing.account(settings),
      write: (text: string) => sharing.keepAccount(settings, text),
    };
    const talk = await exchange(settings);
    try {
      return await startSession(settings, { exchange: talk, wallMs, shared });
    } catch (error) {
      talk.close();
      throw error;
    }
  }
}

/** After a failure another way to prove is tried first: the ports of one may be closed. */
function inTurn<T>(all: readonly T[], failures: number): readonly T[] {
  const at = failures % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}
