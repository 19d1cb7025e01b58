/** What an operator may order by a signal. */
export type Orders = {
  /** SIGTERM, SIGINT and SIGQUIT: drain and end; the second one, and any later, is `again`. */
  readonly stop: (signal: NodeJS.Signals, again: boolean) => void;
  /** SIGHUP: read the file again. */
  readonly reload: () => void;
  /** Any that orders nothing, or not now: what is done for it, in words. */
  readonly heard: (signal: NodeJS.Signals, what: string) => void;
};

export type SignalsDeps = {
  readonly on: (signal: NodeJS.Signals, listener: () => void) => void;
  readonly say: (line: string) => void;
  /** Ends the process now. */
  readonly exit: () => void;
};

const STOPS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT'];
/**
 * Not to be reacted to, and not to end the process either, as the system would have it; SIGUSR1 would open Node's inspector, through
 * which anybody on the machine may run code in the process. Of SIGPIPE the runtime keeps us free.
 */
const IGNORED: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGUSR1: 'no inspector is opened',
  SIGUSR2: 'it has no meaning here; the log is reopened by whoever reads standard output',
  SIGXFSZ: 'a file may not grow any further',
};

/**
 * What an operator or a supervisor sends, from the first moment on: before the edge serves, a stop ends the start, and a reload is
 * done once it serves. Every signal writes a line.
 */
export class Signals {
  readonly #say: SignalsDeps['say'];
  readonly #exit: SignalsDeps['exit'];
  #orders: Orders | undefined;
  #stopped: NodeJS.Signals | undefined;
  #reload = false;
  /** Aborts when a stop comes before there is anybody to carry it out. */
  readonly early = new AbortController();

  constructor({ on, say, exit }: SignalsDeps) {
    this.#say = say;
    this.#exit = exit;
    for (const signal of STOPS) on(signal, () => this.#stop(signal));
    on('SIGHUP', () => this.#hangUp());
    for (const [signal, why] of Object.entries(IGNORED)) {
      on(signal as NodeJS.Signals, () => this.#tell(signal as NodeJS.Signals, `ignored, ${why}`));
    }
  }

  /** From now on orders are carried out, those that came before at once. */
  obey(orders: Orders): void {
    this.#orders = orders;
    if (this.#stopped !== undefined) orders.stop(this.#stopped, false);
    else if (this.#reload) orders.reload();
  }

  #stop(signal: NodeJS.Signals): void {
    const again = this.#stopped !== undefined;
    this.#stopped ??= signal;
    if (this.#orders !== undefined) return this.#orders.stop(signal, again);
    this.#say(again ? `${signal} again: ending now` : `${signal}: ending before it serves`);
    if (again) this.#exit();
    this.early.abort();
  }

  #tell(signal: NodeJS.Signals, what: string): void {
    this.#say(`${signal}: ${what}`);
    this.#orders?.heard(signal, what);
  }

  #hangUp(): void {
    if (this.#stopped !== undefined) return this.#tell('SIGHUP', 'ignored, the edge is ending');
    this.#tell('SIGHUP', this.#orders === undefined ? 'the file is read again once it serves' : 'reading the file');
    if (this.#orders === undefined) this.#reload = true;
    else this.#orders.reload();
  }
}
