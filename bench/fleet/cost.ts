import type { EdgeReport } from '../../src/fleet/fleet.ts';
import { eventually } from '../rig/fleet.ts';
import { chance } from './chance.ts';
import { FleetStage } from './stage.ts';

const REGIONS = 3;
const ENDPOINTS = 300;
const USUAL = { commandMs: 1000, reportMs: 2000, forgetMs: 10_000, compareMs: 5000 };

/** Prints what edges cost that tell each other what they see of 300 endpoints, by number of edges. */
export async function measureCost(sizes: readonly number[], seconds: number): Promise<void> {
  console.log(
    `\n${ENDPOINTS} endpoints, a report every ${USUAL.reportMs / 1000} s, ${REGIONS} regions, ${seconds} s each\n`,
  );
  console.log('| edges | bytes/s per edge | bytes/s in all | CPU per edge |');
  console.log('|---:|---:|---:|---:|');
  for (const size of sizes) {
    const { bytes, cpu } = await costOf(size, seconds);
    const [each, all] = [Math.round(bytes / size), Math.round(bytes)];
    console.log(`| ${size} | ${each} | ${all} | ${((cpu / size) * 100).toFixed(2)} % |`);
  }
}

async function costOf(size: number, seconds: number): Promise<{ readonly bytes: number; readonly cpu: number }> {
  const stage = await FleetStage.start(REGIONS);
  const random = chance(size);
  try {
    for (let at = 0; at < size; at += 1) await stage.open(`edge-${at}`, at % REGIONS, USUAL);
    await stage.connected();
    const report = () => {
      for (const { fleet } of stage.edges) fleet.report(reportOf(random));
    };
    report();
    const timer = setInterval(report, USUAL.reportMs);
    await eventually('all see all', () => stage.edges.every(({ fleet }) => fleet.digest().edges === size - 1), 60_000);
    const before = { bytes: bytesOf(stage), cpu: process.cpuUsage() };
    const startMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const tookMs = performance.now() - startMs;
    const { user, system } = process.cpuUsage(before.cpu);
    const bytes = (bytesOf(stage) - before.bytes) / (tookMs / 1000);
    clearInterval(timer);
    return { bytes, cpu: (user + system) / 1000 / tookMs };
  } finally {
    await stage.end();
  }
}

function bytesOf({ edges }: FleetStage): number {
  return edges.flatMap(({ ways }) => ways).reduce((sum, way) => sum + way.bytes, 0);
}

/** A busy edge: a request or a few in flight at every second endpoint, one in thirty down. */
function reportOf(random: () => number): EdgeReport {
  return new Map(
    Array.from({ length: ENDPOINTS }, (_, at) => {
      const inFlight = random() < 0.5 ? 0 : Math.floor(random() * 20);
      return [`shop/azure/japaneast/10.2.0.${at}:8080`, { inFlight, seen: random() < 1 / 30 ? 'down' : 'up' }] as const;
    }),
  );
}
