/** The keys that have a value: what an operator has not given is left out of what is asked for. */
export function given(all: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
