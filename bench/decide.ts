/*
 * What does it cost to decide where a request goes?
 *
 *   npm run bench:decide [-- --endpoints 9,1000]
 *
 * One edge thread's own functions on a table of many kinds of endpoints: healthy, degraded, ramping, full, drained, with
 * open and half-open breakers (bench/decide/scene.ts). "select" is the choice alone. "whole" is what a request pays:
 * asking, choosing, the permit, counting, and settling. "all policies" is a service that uses
 * weights, tiers, a split, a fence, the waterfall's levels and stickiness all at once. "failover" is the second try of a request, after the best
 * endpoint has failed. "unused" is what a request pays for deadlines, limits, shedding and rules of a service that has none of them. Exits with 1 when a goal is missed.
 */
import { parseArgs } from 'node:util';
import type { RequestHead } from '../src/edge/message/request-head.ts';
import { requestMs, withTimeLeft } from '../src/edge/request/request-deadline.ts';
import { NOBODY, select } from '../src/routing/select.ts';
import { type Cost, costOf } from './decide/measure.ts';
import { type Scene, type SceneSpec, sceneOf } from './decide/scene.ts';

/** The most that a whole decision may take, in ns, by endpoints; and what any of them may leave to the collector. */
const GOAL_NS: ReadonlyMap<number, number> = new Map([
  [9, 2000],
  [1000, 40_000],
]);
const GOAL_BYTES = 1024;
/** What deadlines, limits, shedding and rules may take of a request together whose service has none of them. */
const GOAL_UNUSED_NS = 50;

const TEXT = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const NO_FIELDS = { first: () => undefined, joined: () => undefined };

const { values } = parseArgs({ options: { endpoints: { type: 'string', default: '3,9,100,1000,10000' } } });
const missed: string[] = [];
console.log(line(['endpoints', '', 'select ns', 'whole ns', 'p95 ns', 'whole bytes', 'ns per endpoint']));
for (const endpoints of values.endpoints.split(',').map(Number)) {
  for (const [name, spec] of kinds(endpoints)) {
    const { alone, whole } = measure(sceneOf(spec));
    const cells = [alone.ns, whole.ns, whole.p95Ns, whole.bytes].map((value) => value.toFixed(0));
    console.log(line([String(endpoints), name, ...cells, (whole.ns / endpoints).toFixed(1)]));
    const goal =
      spec.policies === true ? goalWithPolicies(endpoints) : (GOAL_NS.get(endpoints) ?? Number.POSITIVE_INFINITY);
    if (whole.ns > goal) missed.push(`${endpoints} endpoints, ${name}: ${whole.ns.toFixed(0)} ns, goal ${goal} ns`);
    if (whole.bytes > GOAL_BYTES) missed.push(`${endpoints} endpoints, ${name}: ${whole.bytes.toFixed(0)} bytes`);
  }
}
const unused = costOf(unusedBy(sceneOf({ endpoints: 9, select: 'best', failover: false })));
console.log(`\nunused: ${unused.ns.toFixed(1)} ns, ${unused.bytes.toFixed(0)} bytes`);
if (unused.ns > GOAL_UNUSED_NS) missed.push(`unused: ${unused.ns.toFixed(1)} ns, goal ${GOAL_UNUSED_NS} ns`);
console.log(missed.length === 0 ? '\nall goals are met' : `\nmissed:\n${missed.join('\n')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** With weights, tiers, a split, a fence, a brake and a client that stays it may take half as much again. */
function goalWithPolicies(endpoints: number): number {
  return 1.5 * (GOAL_NS.get(endpoints) ?? Number.POSITIVE_INFINITY);
}

function kinds(endpoints: number): readonly (readonly [string, SceneSpec])[] {
  return [
    ['best', { endpoints, select: 'best', failover: false }],
    ['weighted', { endpoints, select: 'weighted', failover: false }],
    ['best, failover', { endpoints, select: 'best', failover: true }],
    ['all policies', { endpoints, select: 'best', failover: false, policies: true }],
  ];
}

/** What the request path asks of each of them, from a head to its try, as it asks it. */
function unusedBy({ state, exchange }: Scene): () => void {
  const head = {
    method: 'GET',
    version: '1.1',
    hasBody: false,
    fields: NO_FIELDS,
    headers: [],
  } as unknown as RequestHead;
  const { timeouts } = state.view.service;
  const clock = { nowMs: 1000 };
  const one = { head, untilMs: Number.POSITIVE_INFINITY, view: exchange.view };
  return () => {
    one.untilMs = clock.nowMs + requestMs(head, timeouts, false);
    const asked = [
      state.limits,
      state.shedding,
      state.rules,
      state.fences,
      state.sticky,
      state.hedges,
      state.view.brake,
    ];
    for (const policy of asked) if (policy !== undefined) throw new Error('it has one');
    if (state.bodyBytesMax < 1 || state.bodyPauseMs < 1 || one.untilMs <= clock.nowMs) throw new Error('it has one');
    if (withTimeLeft(TEXT, one, clock) !== TEXT) throw new Error('it was told');
  };
}

function measure({ state, live, exchange, attempter }: Scene): { alone: Cost; whole: Cost } {
  const tries = exchange.attempts.length;
  const decide = (): void => {
    const attempt = attempter.take(exchange, 'panic-allowed');
    if (attempt === undefined) throw new Error('nobody to send to');
    attempt.permit.settle('success');
    exchange.attempts.length = tries;
  };
  // The first one fills in the question that the choice alone is then asked again and again.
  decide();
  const choose = (): void => {
    state.ask.draw = (state.ask.draw + 0.618) % 1;
    if (select(state.view, live, state.ask) === NOBODY) throw new Error('nobody to send to');
  };
  return { whole: costOf(decide), alone: costOf(choose) };
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 1 ? cell.padEnd(14) : cell.padStart(i === 0 ? 9 : 15))).join('  ');
}
