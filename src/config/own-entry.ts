/** A record's own entry: a service, region or edge may be called `constructor`, which every object has. */
export function ownEntry<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
