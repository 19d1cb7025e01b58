/** Whether this output shows colours: a terminal does, unless NO_COLOR (https://no-color.org: any value but an empty one) is set. */
export function isColoured(
  output: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
