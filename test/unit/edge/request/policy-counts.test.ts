import { expect, test } from 'vitest';
import { countChoice, countNobody } from '../../../../src/edge/request/policy-counts.ts';
import { begun, type Path, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const COUNTS = [
  'lower-tier',
  'braked',
  'health-disregarded',
  'sticky-kept',
  'sticky-moved',
  'sticky-new',
  'sticky-hashed',
] as const;
const countsOf = (path: Path) =>
  Object.fromEntries(COUNTS.flatMap((name) => (path.service(name) > 0 ? [[name, path.service(name)]] : [])));

test('a service without any of it counts nothing', () => {
  const path = pathOf();
  const { exchange } = begun(path);
  countChoice(path.deps, exchange, 0);
  countNobody(path.deps, exchange);
  expect(countsOf(path)).toEqual({});
});

test('by cookie: new, then kept or moved, and only by the first attempt', () => {
  const sticky = 'sticky: { by: cookie, secrets: ["0123456789abcdef0123456789abcdef"] }';
  const path = pathOf(threeClouds({ service: sticky }));
  const { exchange } = begun(path);
  expect(countsOf(path)).toEqual({ 'sticky-new': 1 });
  countChoice(path.deps, exchange, 1);
  expect(countsOf(path)).toEqual({ 'sticky-new': 1 });
  const cookie = exchange.sticky?.setCookie(0)?.split(';')[0] ?? '';
  begun(path, { headers: ['Cookie', cookie] });
  path.deps.live.columns.drained[0] = 1;
  begun(path, { headers: ['Cookie', cookie] });
  expect(countsOf(path)).toEqual({ 'sticky-new': 1, 'sticky-kept': 1, 'sticky-moved': 1 });
});
