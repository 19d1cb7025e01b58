import type { Proof } from '../acme/order.ts';
import type { Topology } from '../config/topology.ts';
import type { AcmeSettings } from '../config/topology-acme.ts';
import { runLoop } from '../table/loop.ts';
import type { Control } from './control.ts';
import type { EdgeThreads } from './edge-threads.ts';
import { readAuthorities } from './pem-files.ts';
import { ownVersion } from './version.ts';

export type AcmeDeps = {
  readonly threads: Pick<EdgeThreads, 'setChallenges' | 'answering'>;
  readonly wallMs: () => number;
};

/** How often it is looked whether a certificate is due. */
export const ACME_MS = 1000;
/** How long threads have to say that they answer a challenge; one that is busy for longer will by the time it is asked. */
const ANSWERING_MS = 5000;

export type Acme = { readonly start: () => void; readonly close: () => Promise<void> };

/**
 * Obtains the certificates that the file wants from authorities. What does it is loaded when a file first wants one, at the start or in a
 * reload: an edge without `acme` does not hold it.
 */
export function startableAcme(control: Control, deps: AcmeDeps): Acme {
  const { current, loops, onEvent } = control;
  let running: Promise<void> | undefined;
  const follow = (): void => {
    if (running !== undefined || loops.signal.aborted || settingsOf(current.topology).length === 0) return;
    running = run(control, deps);
    running.catch((error: unknown) => loops.emit({ type: 'loop-failed', loop: 'acme', error: String(error) }));
  };
  return {
    start: () => {
      onEvent(({ type }) => {
        if (type === 'reloaded') follow();
      });
      follow();
    },
    close: async () => running?.catch(() => {}),
  };
}

async function run(control: Control, { threads, wallMs }: AcmeDeps): Promise<void> {
  const { current, loops } = control;
  const [{ Issuer }, { OpenChallenges }, { httpsExchange }] = await Promise.all([
    import('../acme/issuer.ts'),
    import('../acme/open-challenges.ts'),
    import('../acme/exchange.ts'),
  ]);
  const open = new OpenChallenges({
    wallMs,
    publish: (challenges) => {
      current.challenges = challenges;
      threads.setChallenges(challenges);
    },
  });
  const issuer = new Issuer({
    ...loops,
    wallMs,
    wanted: () => settingsOf(current.topology),
    exchange: async ({ directoryCa }) =>
      httpsExchange({
        ca: directoryCa === undefined ? undefined : await readAuthorities(directoryCa),
        signal: loops.signal,
        userAgent: `meridian/${ownVersion()}`,
      }),
    prove: async (proof: Proof) => {
      const end = open.answer(proof);
      await threads.answering(ANSWERING_MS);
      return end;
    },
    sharing: undefined,
  });
  await runLoop({ name: 'acme', periodMs: () => ACME_MS, tick: () => issuer.tick() }, loops);
}

/** What the listeners of a file want to be obtained. */
function settingsOf({ edge }: Topology): readonly AcmeSettings[] {
  return edge.listeners.flatMap(({ tls }) => (tls?.acme === undefined ? [] : [tls.acme]));
}
