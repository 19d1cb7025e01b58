import { originTlsOf } from '../config/origin-tls.ts';
import { endpointsOf, ownersOf } from '../config/owners.ts';
import type { ListenAddress } from '../config/topology-listener.ts';
import type { DatabaseFile } from '../geo/database-file.ts';
import type { Control } from './control.ts';
import { listenText } from './port.ts';
import { runtimeWarning } from './runtime-floor.ts';
import { ownVersion } from './version.ts';

/** Writes down which runtime and which geo database are in use, where that may matter later. */
export function sayWhatRuns({ log }: Control, geo: DatabaseFile): void {
  const old = runtimeWarning(process.versions.node);
  if (old !== undefined) log.warn(old);
  const { kind, builtAtMs } = geo.database;
  const built = new Date(builtAtMs).toISOString().slice(0, 10);
  log.info(`the geo database ${geo.file} of ${built} is in use`, { file: geo.file, kind, built });
}

type Serving = {
  /** Of each listener. */ readonly listeners: readonly ListenAddress[];
  readonly admin: ListenAddress;
  readonly threads: number;
};

/** Writes down that the edge serves, where, and what it runs. */
export function sayStarted(control: Pick<Control, 'current' | 'loops'>, { listeners, admin, threads }: Serving): void {
  const {
    current,
    loops: { emit },
  } = control;
  const { file, services } = current.topology;
  sayUnverified(control);
  emit({
    type: 'started',
    listen: listeners.map(listenText).join(', '),
    admin: listenText(admin),
    file,
    services: services.length,
    endpoints: endpointsOf(current.topology).length,
    threads,
    version: ownVersion(),
    node: process.versions.node,
  });
}

/** Writes down of which services nobody finds out who their endpoints are, since the file says so. */
export function sayUnverified({ current, loops: { emit } }: Pick<Control, 'current' | 'loops'>): void {
  for (const owner of ownersOf(current.topology)) {
    const { length } = owner.endpoints.filter(
      (endpoint) => endpoint.url.protocol === 'https' && originTlsOf(owner, endpoint).insecure,
    );
    if (length > 0) emit({ type: 'origins-unverified', service: owner.name, endpoints: length });
  }
}
