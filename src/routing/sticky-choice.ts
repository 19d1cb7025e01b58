/** A request that is for no endpoint in particular. */
export const NOT_STUCK = -1;

/** It is for one that failed, and the file says that another one is of no use to it. */
export const NOBODY_ELSE = -2;
