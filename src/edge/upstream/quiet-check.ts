import { atEndOfTurn } from '../../table/timers.ts';
import type { UpstreamConnection } from './connection.ts';

/**
 * A connection whose answer has ended is used again only after the event loop has once looked at it and found nothing more to
 * read. What an endpoint sends behind its answer, by mistake or because somebody made it, would else be the answer to the next
 * request, whoever that is from. It is not proof against everything: what comes later than the next request cannot be told from
 * its answer, which is HTTP/1.1's own weakness. All connections of a thread share the two turns that they wait.
 */
export class QuietCheck {
  /** Since the loop last looked, and since before that. */
  #fresh: UpstreamConnection[] = [];
  #looked: UpstreamConnection[] = [];
  #turning = false;

  /** Calls `home.foundQuiet` with it after that, unless it is closed before. */
  begin(connection: UpstreamConnection): void {
    this.#fresh.push(connection);
    if (this.#turning) return;
    this.#turning = true;
    atEndOfTurn(this.#turn);
  }

  readonly #turn = (): void => {
    const quiet = this.#looked;
    this.#looked = this.#fresh;
    this.#fresh = quiet;
    for (const connection of quiet) if (!connection.closed) connection.home.foundQuiet(connection);
    quiet.length = 0;
    this.#turning = this.#looked.length > 0;
    if (this.#turning) atEndOfTurn(this.#turn);
  };
}
