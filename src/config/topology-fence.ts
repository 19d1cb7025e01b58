import type { Cloud } from './topology-cloud.ts';

/** For which clients only some endpoints may be used, whatever becomes of those. */
export type Fence = {
  /** Undefined: it is for every client. */
  readonly when: FencedClients | undefined;
  readonly only: FencedSites;
  /** Whether a client whose country nobody knows is taken to be one of those that `when` names by their country. */
  readonly unknown: 'inside' | 'outside';
  /** What a client gets that nobody may serve. */
  readonly otherwise: FenceStatus;
};

export type FenceStatus = 451 | 503;

/** A client is meant when either names it. Continents and words such as EU are spelled out as their countries. */
export type FencedClients = { readonly countries: readonly string[]; readonly cidrs: readonly string[] };

/** An endpoint may be used when all that are there name it. Regions may be `region` or `cloud/region`. */
export type FencedSites = {
  readonly clouds: readonly Cloud[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly countries: readonly string[] | undefined;
};

/** Where something is that may be inside of a fence; `country` is empty where it is not known. */
export type Site = {
  readonly cloud: Cloud | undefined;
  readonly region: string | undefined;
  readonly country: string;
};
