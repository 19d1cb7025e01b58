import type { Dispatcher } from 'undici';

/** The controller of an answer that is here as a whole: there is nothing to pause or to break off. */
export class WholeAnswer implements Dispatcher.DispatchController {
  readonly rawHeaders: string[];
  readonly rawTrailers: string[] = [];
  readonly paused = false;
  aborted = false;
  reason: Error | null = null;

  constructor(rawHeaders: string[] = []) {
    this.rawHeaders = rawHeaders;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }

  pause(): void {}

  resume(): void {}
}
