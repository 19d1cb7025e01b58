import { Dispatcher } from 'undici';
import type { FlightDeps } from './undici-flight.ts';

/** What a request's headers carry: something that answers it through an undici handler. */
export type Launchable = { launch(deps: FlightDeps, handler: Dispatcher.DispatchHandler): void };

/** The key under which a request's headers carry its flight through libraries that know nothing of it. */
export const FLIGHT = Symbol('flight');

/**
 * An undici dispatcher that is given a client's request and answers with the best endpoint's response. Between the two it
 * walks the pipeline: it sends a try, waits for connection, head and body within their limits, and moves on to the
 * next endpoint when it is told to. Whoever called `request` on it sees one request and one answer.
 */
export class FailoverDispatcher extends Dispatcher {
  readonly #deps: FlightDeps;

  constructor(deps: FlightDeps) {
    super();
    this.#deps = deps;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const flight = (options.headers as { [FLIGHT]?: Launchable })[FLIGHT];
    if (flight === undefined) throw new Error('only requests of this edge may be dispatched');
    flight.launch(this.#deps, handler);
    return true;
  }

  override async close(): Promise<void> {
    this.#deps.pools.destroy();
  }

  override async destroy(): Promise<void> {
    this.#deps.pools.destroy();
  }
}
