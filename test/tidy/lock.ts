/** The parts of package-lock.json that are looked at. */
export type Lock = { readonly packages: Readonly<Record<string, LockedPackage>> };
export type LockedPackage = {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/**
 * Packages for other platforms that the lock has left out. npm drops them when the registry at hand does not carry them,
 * and `npm ci` then refuses the lock everywhere. `.ci/complete-lock.ts` writes them in.
 */
export function missingPlatforms(lock: Lock): readonly string[] {
  return Object.entries(lock.packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`${where}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages))
      .map((name) => `${where} wants ${name}`),
  );
}

/** Packages that are tied to an address: the lock is to work with whatever registry its reader has. */
export function tiedToAddress(lock: Lock): readonly string[] {
  return Object.entries(lock.packages).flatMap(([where, { resolved }]) => (resolved === undefined ? [] : [where]));
}
