import type { AlertSinks, Service, Topology } from './topology.ts';
import type { FleetSettings } from './topology-fleet.ts';
import type { ListenerSettings } from './topology-listener.ts';

/** What stands in place of a secret. */
const REDACTED = '(redacted)';

/** The topology as it may be shown to anybody: secrets that are set are replaced, the rest is as it is. */
export function printable(topology: Topology): Topology {
  const token = hidden(topology.admin.token);
  return Object.freeze({
    ...topology,
    admin: Object.freeze({ ...topology.admin, token }),
    edge: Object.freeze({ ...topology.edge, listeners: Object.freeze(topology.edge.listeners.map(printableListener)) }),
    alerts: Object.freeze({ ...topology.alerts, sinks: printableSinks(topology.alerts.sinks) }),
    services: Object.freeze(topology.services.map(printableService)),
    fleet: topology.fleet && printableFleet(topology.fleet),
  });
}

/** The keys by which an authority knows its customer, and by which the edges of a fleet share what they obtained. */
function printableListener(listener: ListenerSettings): ListenerSettings {
  const { tls } = listener;
  if (tls?.acme === undefined) return listener;
  const { externalAccount, fleetSecret } = tls.acme;
  const acme = Object.freeze({
    ...tls.acme,
    externalAccount: externalAccount && { keyId: externalAccount.keyId, secret: REDACTED },
    fleetSecret: fleetSecret && REDACTED,
  });
  return Object.freeze({ ...listener, tls: Object.freeze({ ...tls, acme }) });
}

/** What signs cookies is a secret; there is no other in a service. */
function printableService(service: Service): Service {
  const { sticky } = service;
  if (sticky === undefined || sticky.cookie.secrets.length === 0) return service;
  const cookie = Object.freeze({ ...sticky.cookie, secrets: Object.freeze(sticky.cookie.secrets.map(hidden)) });
  return Object.freeze({ ...service, sticky: Object.freeze({ ...sticky, cookie }) });
}

/** The path and query of a sink's URL are what lets one in, so only its origin is shown. */
function printableSinks({ webhook, alertmanager, slack, pagerduty, ...rest }: AlertSinks): AlertSinks {
  return Object.freeze({
    ...rest,
    webhook: webhook && { url: originOf(webhook.url), secret: hidden(webhook.secret) },
    alertmanager: alertmanager && { urls: alertmanager.urls.map(originOf) },
    slack: slack && { url: originOf(slack.url) },
    pagerduty: pagerduty && { routingKey: REDACTED, url: originOf(pagerduty.url) },
  });
}

/** Of a store no more than where it is: before the host are a user and a password. */
function printableFleet(fleet: FleetSettings): FleetSettings {
  const regions = fleet.regions.map((region) => {
    const { protocol, host } = new URL(region.url);
    return { ...region, url: `${protocol}//${REDACTED}@${host}` };
  });
  return Object.freeze({ ...fleet, regions });
}

function hidden(text: string): string {
  return text === '' ? '' : REDACTED;
}

function originOf(url: string): string {
  return `${new URL(url).origin}/${REDACTED}`;
}

/**
 * Whether a message may say where something is: an address, a host, a path or a URL. Messages of libraries do; codes and our
 * own words have none of these characters.
 */
export function mayNamePlaces(message: string): boolean {
  return /[.:/\\@[\]]/.test(message);
}
