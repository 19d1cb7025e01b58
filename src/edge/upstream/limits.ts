/** Interim answers before the real one. */
export const INTERIMS_MAX = 16;
/** An idle connection to an endpoint is closed after this long, unless the endpoint's `Keep-Alive` says otherwise. */
export const IDLE_MS = 4000;
/** Idle connections kept for one endpoint; the one that has been idle for longest makes way. */
export const IDLE_MAX = 1024;
