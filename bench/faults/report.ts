import type { Ended } from './load.ts';
import { OK } from './load.ts';
import type { Scenario } from './scenarios.ts';
import { SECONDS, TROUBLE_MS } from './scenarios.ts';

/** What a scenario came to. */
export type Outcome = {
  readonly gets: readonly Ended[];
  readonly posts: readonly Ended[];
  /** Ids of POSTs, once for every execution at any origin. */
  readonly executed: readonly string[];
  /** What the edge logged. */
  readonly log: string;
};

/** A request that waited for an endpoint which would not answer took at least this long: patience is a second. */
const WAITED_MS = 900;
/** By then the breaker of an endpoint that hangs has to be open: the first patience, and what came meanwhile. */
const WAITS_END_MS = 1500;
/** Tries at a dead endpoint: those that open its breakers, one for each edge thread at a time, and those under way. */
const DEAD_TRIES_MAX = 30;
/** Changes of the file that are far enough apart are all seen. */
const RELOADS_MIN = SECONDS - 2;

/** Prints a scenario's figures. Returns what it should have been and was not. */
export function report({ key, name }: Scenario, { gets, posts, executed, log }: Outcome): readonly string[] {
  const failed = gets.filter(({ result }) => result !== OK);
  const times = gets.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const waited = gets.filter(({ tookMs }) => tookMs >= WAITED_MS);
  const lastWaitMs = Math.max(0, ...waited.map(({ dueMs }) => dueMs - TROUBLE_MS));
  const twice = executed.length - new Set(executed).size;
  const failedPosts = posts.filter(({ result }) => result !== OK);
  const done = new Set(executed);
  const lost = posts.filter(({ id, result }) => result === OK && !done.has(id));
  const reloads = count(log, '"event":"reloaded"');
  const { tries, failedTries, panics } = triesOf(log);

  console.log(`\n${key}: ${name}`);
  console.log(`  GET   ${gets.length} sent, ${failed.length} failed${kinds(failed)}`);
  console.log(`        p50 ${ms(at(times, 0.5))}, p99 ${ms(at(times, 0.99))}, longest ${ms(times.at(-1) ?? 0)}`);
  if (waited.length > 0) {
    console.log(`        ${waited.length} waited, the last of them due ${ms(lastWaitMs)} after the trouble began`);
  }
  if (posts.length > 0) {
    console.log(
      `  POST  ${posts.length} sent, ${failedPosts.length} failed${kinds(failedPosts)}, ${twice} executed twice`,
    );
  }
  console.log(`  ${tries} tries, ${failedTries} of them failed; ${panics} in panic; ${reloads} reloads`);
  return [
    ...(failed.length > 0 ? [`${failed.length} GETs failed`] : []),
    ...(twice > 0 ? [`${twice} POSTs were executed twice`] : []),
    ...(lost.length > 0 ? [`${lost.length} POSTs were answered with 200 and executed nowhere`] : []),
    ...(key === 'hang' && lastWaitMs > WAITS_END_MS ? [`requests waited after ${ms(WAITS_END_MS)}`] : []),
    ...(['reload', 'members'].includes(key) && reloads < RELOADS_MIN ? [`only ${reloads} reloads`] : []),
    ...(key === 'reload' && failedTries > DEAD_TRIES_MAX ? ['a reload forgot a breaker'] : []),
    // Where nothing was tried in vain, the trouble went past the edge and the figures say nothing.
    ...(key !== 'members' && failedTries === 0 ? ['no try failed: the trouble was not met'] : []),
  ].map((problem) => `${key}: ${problem}`);
}

/** What the access log says of tries: how many, and how many of them were in vain. */
function triesOf(log: string): { tries: number; failedTries: number; panics: number } {
  // The edge is still running: its last line may be half written.
  const whole = log.slice(0, log.lastIndexOf('\n'));
  const lines = whole.split('\n').filter((line) => line.includes('"msg":"request"'));
  const records = lines.map((line) => JSON.parse(line) as { panic?: boolean; attempts: { outcome?: string }[] });
  const attempts = records.flatMap((record) => record.attempts);
  return {
    tries: attempts.length,
    failedTries: attempts.filter(({ outcome }) => outcome !== 'success').length,
    panics: records.filter(({ panic }) => panic === true).length,
  };
}

function kinds(ended: readonly Ended[]): string {
  if (ended.length === 0) return '';
  const by = Map.groupBy(ended, ({ result }) => result);
  return ` (${[...by].map(([result, of]) => `${of.length} × ${result}`).join(', ')})`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
