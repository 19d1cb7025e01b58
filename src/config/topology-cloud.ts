/** A provider by its name: the failure domain above a region. One of `CLOUDS`, or one that the file declares in `clouds`. */
export type Cloud = string;

/** The three whose regions are known and that every file has, in the fixed order that `failover: [aws, gcp, azure]` names. */
export const CLOUDS = ['aws', 'gcp', 'azure'] as const;
export type KnownCloud = (typeof CLOUDS)[number];

/** Clouds that a file may have, the three included. */
export const CLOUDS_MAX = 16;

/** Names go into metric labels, ids of endpoints, and scopes such as `onprem/paris-dc1@shop`. */
export const CLOUD_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Those of these endpoints, each once: the three first in their order, then the others as they come. */
export function cloudsAmong(endpoints: readonly { readonly cloud: Cloud }[]): readonly Cloud[] {
  const used = new Set(endpoints.map(({ cloud }) => cloud));
  return [...new Set<Cloud>([...CLOUDS, ...used])].filter((cloud) => used.has(cloud));
}

/** Whether it is one of the three. */
export function isKnownCloud(cloud: Cloud | undefined): cloud is KnownCloud {
  return CLOUDS.some((known) => known === cloud);
}
