import type { Document } from './schema.ts';
import { MATCH_RULE } from './schema-match.ts';
import type { MatchConditions, MatchRule, NamedTest, TextTest } from './topology-match.ts';
import { complete } from './zod-schema.ts';

export type GivenRule = NonNullable<NonNullable<Document['services']>[string]['match']>[number];

/** The rules of a service; without any, every request is its own. */
export function buildMatch(given: readonly GivenRule[] | undefined): readonly MatchRule[] {
  return (given ?? [{}]).map(buildRule);
}

/** One rule, with the prefix `/` where it says nothing of paths. */
export function buildRule(given: GivenRule): MatchRule {
  const { hosts, prefix, prefixes, path, ...asked } = complete(MATCH_RULE, given);
  const paths = path === undefined ? [] : typeof path === 'string' ? [path] : path;
  const beginnings = [...(prefix === undefined ? [] : [prefix]), ...(prefixes ?? [])];
  const { flag, methods = [], countries = [], cidrs = [], client_certificate: certificate } = asked;
  const headers = namedTests(asked.headers).map(({ name, test }) => ({ name: name.toLowerCase(), test }));
  const conditions: MatchConditions = {
    flag,
    certificate,
    cidrs,
    countries,
    methods,
    headers,
    query: namedTests(asked.query),
  };
  const lists = [cidrs, countries, methods, conditions.headers, conditions.query];
  const nothing = flag === undefined && certificate === undefined && lists.every(({ length }) => length === 0);
  return {
    hosts,
    prefixes: beginnings.length + paths.length === 0 ? ['/'] : [...new Set(beginnings)],
    paths,
    conditions: nothing ? undefined : conditions,
  };
}

function namedTests(given: Readonly<Record<string, TextTest>> | undefined): readonly NamedTest[] {
  return Object.entries(given ?? {}).map(([name, test]) => ({ name, test }));
}
