import type { Document } from './schema.ts';
import { HSTS_VALUES, PATH, REDIRECT, REQUEST_FIELDS, RESPONSE_FIELDS } from './schema-rules.ts';
import type { FieldLine, FieldRules, FieldTemplate, PathRules, RedirectRule, ServiceRules } from './topology-rules.ts';
import { complete } from './zod-schema.ts';

type Given = Pick<NonNullable<Document['services']>[string], 'headers' | 'path' | 'redirect' | 'hsts' | 'alt_svc'>;

/** What a service changes in messages; undefined when that is nothing. */
export function buildRules({ headers, path, redirect, hsts, alt_svc: altSvc = '' }: Given): ServiceRules | undefined {
  const rules = {
    request: fieldRules(headers?.request, REQUEST_FIELDS),
    response: fieldRules(headers?.response, RESPONSE_FIELDS),
    path: pathRules(path),
    hsts: HSTS_VALUES[hsts ?? 'off'],
    altSvc,
    redirect: redirectRule(redirect),
  };
  return Object.values(rules).every((rule) => rule === undefined || rule === '') ? undefined : rules;
}

type GivenFields = NonNullable<Given['headers']>['request'];

function fieldRules(given: GivenFields, of: typeof REQUEST_FIELDS): FieldRules | undefined {
  const { set, add, remove } = complete(of, given);
  if (set === undefined && add === undefined && remove.length === 0) return undefined;
  return { remove: remove.map((name) => name.toLowerCase()), set: linesOf(set), add: linesOf(add) };
}

function linesOf(fields: Readonly<Record<string, FieldTemplate>> | undefined): readonly FieldLine[] {
  return Object.entries(fields ?? {}).map(([name, value]) => ({ name, value }));
}

/** `/`, the beginning of every path, is the empty prefix. */
function pathRules(given: Given['path']): PathRules | undefined {
  if (given === undefined) return undefined;
  const { strip_prefix = '', replace = {}, add_prefix = '', set = '' } = complete(PATH, given);
  const pairs = Object.entries(replace).map(([from, to]) => [from === '/' ? '' : from, to] as const);
  return { stripPrefix: strip_prefix, replace: pairs, addPrefix: add_prefix, set };
}

function redirectRule(given: Given['redirect']): RedirectRule | undefined {
  if (given === undefined) return undefined;
  const { status, scheme, host, path } = complete(REDIRECT, given);
  return { status, scheme, host, path: pathRules(path) };
}
