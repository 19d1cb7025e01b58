import type { CertificateTest, MatchConditions, NamedTest, TextTest } from './topology-match.ts';

/** One route to a service: a path that must be exactly this, or begin with it, and what is asked beside that. */
export type MatchRoute = {
  readonly path: string;
  readonly exact: boolean;
  readonly conditions: MatchConditions | undefined;
};

/**
 * Which of two routes of one host is looked at first; negative: the first. An exact path goes before a prefix, and a longer prefix before a
 * shorter one. Of one path, the route that asks for a flag goes first (whoever throws a switch means it), then for a certificate, then cidrs, countries, methods, more headers, more of the query.
 * Routes that are equal in all of this come in the order of the file (sorting is stable).
 */
export function compareRoutes(a: MatchRoute, b: MatchRoute): number {
  if (a.exact !== b.exact) return a.exact ? -1 : 1;
  if (a.path.length !== b.path.length) return b.path.length - a.path.length;
  const [x, y] = [ranks(a.conditions), ranks(b.conditions)];
  for (const [i, rank] of x.entries()) {
    if (rank !== y[i]) return (y[i] as number) - rank;
  }
  return 0;
}

function ranks(conditions: MatchConditions | undefined): readonly number[] {
  if (conditions === undefined) return [0, 0, 0, 0, 0, 0, 0];
  const { flag, certificate, cidrs, countries, methods, headers, query } = conditions;
  const asks = (list: readonly unknown[]) => (list.length > 0 ? 1 : 0);
  return [
    flag === undefined ? 0 : 1,
    certificate === undefined ? 0 : 1,
    asks(cidrs),
    asks(countries),
    asks(methods),
    headers.length,
    query.length,
  ];
}

/** Whether every request for which `b` holds is one for which `a` holds: behind `a`, `b` never has its turn. */
export function covers(a: MatchConditions | undefined, b: MatchConditions | undefined): boolean {
  if (a === undefined) return true;
  if (b === undefined) return false;
  return (
    (a.flag === undefined || a.flag === b.flag) &&
    coversCertificate(a.certificate, b.certificate) &&
    coversList(a.cidrs, b.cidrs) &&
    coversList(a.countries, b.countries) &&
    coversList(a.methods, b.methods) &&
    coversNamed(a.headers, b.headers) &&
    coversNamed(a.query, b.query)
  );
}

function coversList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || (b.length > 0 && b.every((one) => a.includes(one)));
}

function coversNamed(a: readonly NamedTest[], b: readonly NamedTest[]): boolean {
  return a.every(({ name, test }) => b.some((one) => one.name === name && coversText(test, one.test)));
}

function coversText(a: TextTest, b: TextTest): boolean {
  if (a.is === 'present') return b.is !== 'absent';
  if (a.is === 'absent' || b.is === 'absent') return a.is === b.is;
  if (b.is === 'present') return false;
  return a.is === 'exact' ? b.is === 'exact' && a.text === b.text : b.text.startsWith(a.text);
}

function coversCertificate(a: CertificateTest | undefined, b: CertificateTest | undefined): boolean {
  if (a === undefined) return true;
  if (b === undefined || a.shown !== b.shown) return false;
  const subject = a.subject === undefined || (b.subject !== undefined && coversText(a.subject, b.subject));
  return subject && coversList(a.fingerprints, b.fingerprints);
}
