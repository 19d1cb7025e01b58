import { atEndOfTurn } from '../../../table/timers.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

/**
 * A connection whose answer has ended is used again only after the event loop has once looked at it and found nothing more to
 * read. What an endpoint sends behind its answer, by mistake or because somebody made it, would else be the answer to the next
 * request, whoever that is from. It is not proof against everything: what comes later than the next request cannot be told from
 * its answer, which is HTTP/1.1's own weakness. All connections of a thread share the two turns that they wait.
 */
export class Recess {
  /** Since the loop last looked, and since before that. */
  #fresh: UpstreamConnection[] = [];
  #looked: UpstreamConnection[] = [];
  #turning = false;

  /** Has `home.rested` told of it, unless it is closed before. */
  begin(connection: UpstreamConnection): void {
    this.#fresh.push(connection);
    if (this.#turning) return;
    this.#turning = true;
    atEndOfTurn(this.#turn);
  }

  readonly #turn = (): void => {
    const rested = this.#looked;
    this.#looked = this.#fresh;
    this.#fresh = rested;
    for (const connection of rested) if (!connection.closed) connection.home.rested(connection);
    rested.length = 0;
    this.#turning = this.#looked.length > 0;
    if (this.#turning) atEndOfTurn(this.#turn);
  };
}
