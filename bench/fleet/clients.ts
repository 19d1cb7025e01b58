import { Agent, get } from 'node:http';

/** An address in Germany: gcp/europe-west1 is nearest. */
const GERMANY = '91.0.0.1';
const CONNECTIONS_MAX = 64;
const TICK_MS = 2;

/** Clients that send so many requests a second to a port, however those before are doing, until they are ended. */
export class Clients {
  answered = 0;
  /** Requests without an answer, or with another than 200. */
  failed = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  readonly #port: number;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  constructor(port: number, perSecond: number) {
    this.#port = port;
    const startMs = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - startMs) / 1000) * perSecond;
      for (; this.#sent < due; this.#sent += 1) this.#send();
    }, TICK_MS);
  }

  /** Resolves when every request that was sent has ended. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    while (this.answered + this.failed < this.#sent) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    this.#agent.destroy();
  }

  #send(): void {
    const headers = { 'X-Forwarded-For': GERMANY };
    let begun = false;
    const request = get({ host: '127.0.0.1', port: this.#port, agent: this.#agent, headers }, (answer) => {
      begun = true;
      answer.resume();
      answer.once('close', () => {
        if (answer.statusCode === 200 && answer.complete) this.answered += 1;
        else this.failed += 1;
      });
    });
    request.once('error', () => {
      // What breaks off later is seen where the answer ends.
      if (!begun) this.failed += 1;
    });
  }
}
