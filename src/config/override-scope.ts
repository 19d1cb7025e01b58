import type { Endpoint } from './topology.ts';
import type { Cloud } from './topology-cloud.ts';

/** What an operator may decide about endpoints. */
export type OverrideKind = 'drain' | 'weight' | 'capacity';
export const OVERRIDE_KINDS: readonly OverrideKind[] = ['drain', 'weight', 'capacity'];

/** Which endpoints: those of a cloud, of a region of it, or one by its id, or by that of the name that it is an address of; the first two also within one service only. */
export type OverrideScope =
  | { readonly cloud: Cloud; readonly region?: string; readonly service?: string }
  | { readonly endpoint: string };

/** Whether an endpoint is meant. */
export function isInScope(
  scope: OverrideScope,
  endpoint: Pick<Endpoint, 'id' | 'service' | 'cloud' | 'region' | 'memberOf'>,
): boolean {
  if ('endpoint' in scope) return scope.endpoint === endpoint.id || scope.endpoint === endpoint.memberOf;
  return (
    scope.cloud === endpoint.cloud &&
    (scope.region === undefined || scope.region === endpoint.region) &&
    (scope.service === undefined || scope.service === endpoint.service)
  );
}

/** `azure`, `gcp/europe-west1`, `gcp/europe-west1@shop` or the id of an endpoint; no two scopes are written the same. */
export function scopeText(scope: OverrideScope): string {
  if ('endpoint' in scope) return scope.endpoint;
  const where = scope.region === undefined ? scope.cloud : `${scope.cloud}/${scope.region}`;
  return scope.service === undefined ? where : `${where}@${scope.service}`;
}

/** Every scope that reaches an endpoint, as text: `isInScope` says yes to these and to no others. */
export function scopesReaching({
  id,
  service,
  cloud,
  region,
  memberOf,
}: Pick<Endpoint, 'id' | 'service' | 'cloud' | 'region' | 'memberOf'>): readonly string[] {
  const name = memberOf === undefined ? [] : [memberOf];
  return [id, ...name, cloud, `${cloud}/${region}`, `${cloud}@${service}`, `${cloud}/${region}@${service}`];
}
