import { findRegion } from './cloud-regions.ts';
import type { Fault } from './kind.ts';
import { listenAddress } from './listen.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { regionAdvice } from './region-advice.ts';
import { ADMIN_LISTEN, EDGE_LISTEN } from './schema-edge.ts';
import { CLOUDS } from './topology-cloud.ts';

/** `edge.region` must be known, or `edge.place` must say where it is. */
export function regionFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const [cloudText, region] = asText(edge['region'])?.split('/') ?? [];
  const cloud = CLOUDS.find((known) => known === cloudText);
  if (cloud === undefined || region === undefined || edge['place'] !== undefined) return [];
  if (findRegion(cloud, region) !== undefined) return [];
  const message = `${regionAdvice(cloud, region)} For a place of your own add place: { lat, lon }`;
  return [{ path: ['edge', 'region'], message }];
}

/** Clients and operators cannot be served on one port. */
export function listenFaults(root: Mapping): readonly Fault[] {
  const edge = listenAddress.read(asMapping(root['edge'])['listen'] ?? EDGE_LISTEN);
  const admin = listenAddress.read(asMapping(root['admin'])['listen'] ?? ADMIN_LISTEN);
  if (!edge.ok || !admin.ok || edge.value.port === 0 || edge.value.port !== admin.value.port) return [];
  const everywhere = ['0.0.0.0', '::'];
  const overlap = [edge.value.host, admin.value.host].some((host) => everywhere.includes(host));
  if (!overlap && edge.value.host !== admin.value.host) return [];
  const given = asMapping(root['admin'])['listen'] === undefined ? 'edge' : 'admin';
  const other = given === 'edge' ? 'admin' : 'edge';
  return [{ path: [given, 'listen'], message: `is also where ${other}.listen is; give one of them another port` }];
}
