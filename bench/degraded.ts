/*
 * What does a client of a cached path notice when every primary is dead?
 *
 *   npm run bench:degraded
 *
 * One Meridian for each store, with a ladder and everything else at its default, before three origins that are processes
 * of their own. Each path is asked for once while they live; then all are killed, or stopped so that they accept and never
 * answer, and autocannon asks on 50 connections for 10 seconds. Exits with 1 when an answer is not 200 or the 99th
 * percentile is above 250 ms.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannon, type Loaded } from './edge/autocannon.ts';
import { end } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { startEdge } from './rig/edge.ts';
import { startOrigins } from './rig/start-origins.ts';

const P99_MS_MAX = 250;
const CONNECTIONS = 50;
const SECONDS = 10;
const PATHS = ['/bytes/100', '/bytes/10000'];
const TROUBLES = ['killed', 'hanging'] as const;
const STORES = ['memory', 'sqlite'] as const;

const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
const problems: string[] = [];
console.log(
  '| primaries | store | path | requests/s | p50 | p99 | p99.9 | not 200 |\n|---|---|---|---:|---:|---:|---:|---:|',
);
try {
  for (const trouble of TROUBLES) for (const store of STORES) await measure(trouble, store);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(problems.length === 0 ? '\nevery answer came in time' : `\n${problems.join('\n')}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function measure(trouble: (typeof TROUBLES)[number], store: (typeof STORES)[number]): Promise<void> {
  const { child: origins, ports } = await startOrigins(3);
  const edge = await startEdge(yamlOf(ports, trouble, store));
  try {
    // Often enough that each edge thread has a copy in its own memory.
    for (const path of PATHS) await cannon({ port: edge.port, path, connections: 20, seconds: 1 });
    if (trouble === 'hanging') origins.kill('SIGSTOP');
    else await end(origins, 'SIGKILL');
    for (const path of PATHS) {
      const loaded = await cannon({ port: edge.port, path, connections: CONNECTIONS, seconds: SECONDS });
      tell(`${trouble} | ${store} | ${path}`, loaded);
    }
  } finally {
    await edge.end();
    await end(origins, 'SIGKILL');
  }
}

function yamlOf(ports: readonly number[], trouble: string, store: string): string {
  const path = store === 'sqlite' ? `, path: "${join(folder, `${trouble}.sqlite`)}"` : '';
  const ladder = `    degraded: { cache: { store: ${store}${path}, fresh_for: 1s } }\n    endpoints:`;
  return configOf(inTurn(ports)).replace('    endpoints:', ladder);
}

function tell(what: string, { requestsPerSecond, p50Ms, p99Ms, p999Ms, bad }: Loaded): void {
  const rate = Math.round(requestsPerSecond).toLocaleString('en');
  console.log(`| ${what} | ${rate} | ${p50Ms} ms | ${p99Ms} ms | ${p999Ms} ms | ${bad} |`);
  if (bad > 0) problems.push(`${what}: ${bad} answers were not 200`);
  if (p99Ms > P99_MS_MAX) problems.push(`${what}: the 99th percentile is ${p99Ms} ms`);
}
