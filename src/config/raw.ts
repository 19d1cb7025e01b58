/** Looking at values that may be anything: whatever is not of the wanted shape reads as empty or undefined. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The value as a mapping; an empty one when it is something else. */
export function asMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

/** Whether the value is a mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one when it is something else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text; undefined when it is something else. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
