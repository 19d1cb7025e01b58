import type { AcmeSettings } from '../config/topology-acme.ts';
import type { Session } from './session.ts';

/** One session for each account, for one round. */
export class Sessions {
  readonly #start: (settings: AcmeSettings) => Promise<Session>;
  readonly #all = new Map<string, Promise<Session>>();

  constructor(start: (settings: AcmeSettings) => Promise<Session>) {
    this.#start = start;
  }

  of(settings: AcmeSettings): Promise<Session> {
    const key = JSON.stringify([
      settings.directory,
      settings.directoryCa,
      settings.externalAccount?.keyId,
      settings.folder,
    ]);
    const known = this.#all.get(key);
    if (known !== undefined) return known;
    const started = this.#start(settings);
    started.catch(() => {});
    this.#all.set(key, started);
    return started;
  }

  async close(): Promise<void> {
    for (const one of this.#all.values()) await one.then((session) => session.close()).catch(() => {});
  }
}
