import { buildAlerts } from './build-alerts.ts';
import { buildBackend } from './build-backend.ts';
import { buildChaos } from './build-chaos.ts';
import { buildEdge } from './build-edge.ts';
import { buildFleet } from './build-fleet.ts';
import { buildService } from './build-service.ts';
import { cloudMap } from './cloud-map.ts';
import type { Document } from './schema.ts';
import { ADMIN, GEO, LOG } from './schema-edge.ts';
import type { Topology } from './topology.ts';
import type { LogSettings } from './topology-log.ts';
import { complete } from './zod-schema.ts';

function buildLog(given: Document['log']): LogSettings {
  const { level, format, access } = complete(LOG, given);
  return typeof access === 'boolean' ? { level, format, access } : { level, format, access: true, sampling: access };
}

/** What a valid file says, with every default filled in, frozen through and through. */
export function buildTopology(document: Document, file: string): Topology {
  const clouds = cloudMap(document.clouds);
  const backends = Object.entries(document.backends ?? {}).map(([name, backend]) =>
    buildBackend(name, backend, { document, clouds }),
  );
  const services = Object.entries(document.services ?? {}).map(([name, service]) =>
    buildService(name, service, { document, clouds, backends }),
  );
  const edge = buildEdge(document.edge, services, clouds);
  const admin = complete(ADMIN, document.admin);
  return deepFrozen({
    file,
    edge,
    clouds: clouds.names,
    admin: { listen: admin.listen, token: admin.token, hosts: admin.hosts },
    geoDatabase: complete(GEO, document.geo).database,
    log: buildLog(document.log),
    alerts: buildAlerts(document.alerts),
    services,
    ...(backends.length === 0 ? {} : { backends }),
    chaos: buildChaos(document.chaos),
    fleet: buildFleet(document.fleet, edge),
  });
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFrozen(inner);
  return Object.freeze(value);
}
