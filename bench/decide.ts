/*
 * What does it cost to decide where a request goes?
 *
 *   npm run bench:decide [-- --endpoints 9,1000]
 *
 * One edge thread's own functions on a table of many kinds of endpoints: healthy, degraded, ramping, full, drained, with
 * open and half-open breakers (bench/decide/scene.ts). "select" is the choice alone. "whole" is what a request pays:
 * asking, choosing, the permit, counting, and settling. "all policies" is a service that uses
 * weights, tiers, a split, a fence, the waterfall's levels and stickiness all at once. "failover" is the second try of a request, after the best
 * endpoint has failed. Exits with 1 when a goal is missed.
 */
import { parseArgs } from 'node:util';
import { NOBODY, select } from '../src/routing/select.ts';
import { type Cost, costOf } from './decide/measure.ts';
import { type Scene, type SceneSpec, sceneOf } from './decide/scene.ts';

/** The most that a whole decision may take, in ns, by endpoints; and what any of them may leave to the collector. */
const GOAL_NS: ReadonlyMap<number, number> = new Map([
  [9, 2000],
  [1000, 40_000],
]);
const GOAL_BYTES = 1024;

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
