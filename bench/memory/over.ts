/** What idle connections speak. */
export const OVER = ['h2-tls', 'h2c', 'h1-tls', 'h1'] as const;
export type Over = (typeof OVER)[number];

export function hasTls(over: Over): boolean {
  return over === 'h2-tls' || over === 'h1-tls';
}
