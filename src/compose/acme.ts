import type { Proof } from '../acme/order.ts';
import type { Sharing } from '../acme/sharing.ts';
import type { Topology } from '../config/topology.ts';
import type { AcmeSettings } from '../config/topology-acme.ts';
import { AcmeOrders } from '../observe/acme-families.ts';
import { runLoop } from '../table/loop.ts';
import type { AcmeSharingDeps } from './acme-sharing.ts';
import type { Control } from './control.ts';
import type { EdgeThreads } from './edge-threads.ts';
import type { FleetWork } from './fleet.ts';
import { readAuthorities } from './pem-files.ts';
import { ownVersion } from './version.ts';

export type AcmeDeps = {
  readonly threads: Pick<EdgeThreads, 'setChallenges' | 'answering'>;
  readonly fleet: Pick<FleetWork, 'fleet' | 'shared'>;
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
  const { current, loops, metrics, obtained, onEvent } = control;
  const orders = new AcmeOrders();
  let running: Promise<void> | undefined;
  const follow = (): void => {
    if (running !== undefined || loops.signal.aborted || settingsOf(current.topology).length === 0) return;
    onEvent((event) => orders.onEvent(event));
    metrics.add(orders.families(() => obtained.facts()));
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

async function run(control: Control, { threads, fleet, wallMs }: AcmeDeps): Promise<void> {
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
  const wanted = () => settingsOf(current.topology);
  const sharing = fleet.shared ? await sharingOf({ ...loops, fleet: fleet.fleet, wallMs, wanted, open }) : undefined;
  const issuer = new Issuer({
    ...loops,
    wallMs,
    wanted,
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
    sharing,
  });
  control.obtained.facts = () => issuer.facts();
  await runLoop({ name: 'acme', periodMs: () => ACME_MS, tick: () => issuer.tick() }, loops);
}

/** What edges share, with one key for each secret: drawing it takes longer than using it. */
async function sharingOf(deps: Omit<AcmeSharingDeps, 'sealOf'>): Promise<Sharing> {
  const [{ AcmeSharing }, { Seal }] = await Promise.all([import('./acme-sharing.ts'), import('../acme/seal.ts')]);
  let last: { readonly secret: string; readonly seal: InstanceType<typeof Seal> } | undefined;
  const sealOf = (secret: string) => {
    if (last?.secret !== secret) last = { secret, seal: new Seal(secret) };
    return last.seal;
  };
  return new AcmeSharing({ ...deps, sealOf });
}

/** What the listeners of a file want to be obtained. */
function settingsOf({ edge }: Topology): readonly AcmeSettings[] {
  return edge.listeners.flatMap(({ tls }) => (tls?.acme === undefined ? [] : [tls.acme]));
}
