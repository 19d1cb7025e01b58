import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ChaosPlanner } from '../chaos/planner.ts';
import { createEdge, type Edge } from '../edge/thread/edge.ts';
import { openDatabase } from '../geo/maxmind.ts';
import { createLog } from '../observe/pino.ts';
import { UNCAUGHT } from '../observe/thread-counts.ts';
import type { Event } from '../table/event.ts';
import { Bugs, tolerateBugs } from '../table/invariant.ts';
import { LineRing } from '../table/line-ring.ts';
import { runLoop } from '../table/loop.ts';
import { sleepInStep, systemClock, systemRandom } from '../table/system-clock.ts';
import { TOTALS, workerBlock } from '../table/worker-block.ts';
import type { EdgeBirth, EdgeNest, FromEdge, GeoBytes, ToEdge } from './protocol.ts';

/** How often an edge thread writes its gauges and tells what is too rare to count in the table. */
const SAMPLE_MS = 1000;

const LOG_DROPPED = TOTALS.indexOf('log-dropped');

/** The entry of an edge thread: it makes an edge from what it is born with, and does what the control thread says. */
const birth = await bornWith((workerData as EdgeNest).birth);
const lines = new LineRing(birth.lines);
const { totals } = workerBlock(birth.shared, birth.worker);
const log = createLog({
  ...birth.deployment.topology.log,
  thread: `edge-${birth.worker}`,
  destination: writeLine,
});
const ending = new AbortController();
const bugs = new Bugs();
if (birth.tolerant) tolerateBugs(bugs.note);
let state: 'starting' | 'serving' | 'failed' = 'starting';
process.on('uncaughtException', onUncaught);
const clock = systemClock(birth.shared.originMs);

const chaos = new ChaosPlanner();
chaos.run(birth.chaos);

const edge = await createEdge({
  shared: birth.shared,
  worker: birth.worker,
  deployment: birth.deployment,
  geo: opened(birth.geo),
  clock,
  wallOriginMs: birth.wallOriginMs,
  random: systemRandom,
  emit,
  accessLog: log.wantsAccess ? log.access : undefined,
  chaos,
});

/** Something is being loaded for a deployment: what comes meanwhile is obeyed after it, in order. */
let loading: Promise<void> | undefined;
parentPort?.on('message', hear);
await start();

/** What comes through this port, once; the thread may have been started before anybody knew. */
async function bornWith(port: MessagePort): Promise<EdgeBirth> {
  const [born] = (await once(port, 'message')) as [EdgeBirth];
  port.close();
  return born;
}

async function start(): Promise<void> {
  try {
    await edge.listener.listen(birth.listen, birth.reusePort);
    tell({ type: 'listening' });
    state = 'serving';
  } catch (error) {
    return giveUp((error as Error).message);
  }
  const tick = async () => {
    edge.listener.writeLevels();
    edge.flush();
    for (const bug of bugs.take()) emit({ type: 'bug', ...bug });
    chaos.flush(emit);
  };
  const loop = { name: `edge-${birth.worker}`, periodMs: () => SAMPLE_MS, tick };
  await runLoop(loop, { clock, sleep: sleepInStep, random: systemRandom, emit, signal: ending.signal });
}

function hear(message: ToEdge): void {
  const needed = message.type === 'deploy' ? edge.prepare(message.deployment.topology) : undefined;
  if (needed === undefined && loading === undefined) return void obey(edge, message);
  const mine = Promise.all([loading, needed]).then(() => {
    if (loading === mine) loading = undefined;
    void obey(edge, message);
  });
  loading = mine;
}

async function obey(of: Edge, message: ToEdge): Promise<void> {
  switch (message.type) {
    case 'deploy':
      of.deploy(message.deployment);
      return tell({ type: 'deployed', version: message.version });
    case 'addresses':
      return of.setAddresses(message.addresses);
    case 'challenges':
      return of.setChallenges(message.challenges);
    case 'geo':
      return of.swapGeo(opened(message.geo));
    case 'chaos':
      return chaos.run(message.experiments);
    case 'purge':
      return tell({ type: 'purged', id: message.id, error: await of.purge(message.purge) });
    case 'drain':
      return of.listener.startDraining();
    case 'stop':
      await of.listener.stop();
      return end(of);
    case 'cut':
      await of.listener.cut();
      return end(of);
    case 'ping':
      return tell({ type: 'pong' });
    case 'hang':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.ms);
      return;
    case 'crash':
      throw new Error('a crash that was asked for');
    default:
      message satisfies never;
  }
}

async function end(of: Edge): Promise<void> {
  if (ending.signal.aborted) return;
  ending.abort();
  await of.close();
  await log.flush();
  tell({ type: 'stopped' });
  parentPort?.close();
}

/**
 * An uncaught error. What it left half done is not known, so another thread takes this one's place; what is under way
 * here has most likely nothing to do with it, and is finished. More errors until then are counted.
 */
function onUncaught(error: unknown): void {
  const text = String((error as Error | undefined)?.stack ?? error);
  if (state === 'starting') return giveUp(text);
  if (state === 'failed') return bugs.note(UNCAUGHT, error instanceof Error ? error : new Error(text));
  state = 'failed';
  tell({ type: 'failing', error: text });
}

/** Ends a thread that cannot begin; whoever started it tries again. */
function giveUp(error: string): never {
  tell({ type: 'failed', error });
  process.exit(1);
}

function emit(event: Event): void {
  tell({ type: 'event', event });
}

/** Lines beyond what the ring holds are dropped, and counted here. */
function writeLine(line: string): void {
  const became = lines.write(line);
  if (became === 'announce') tell({ type: 'lines' });
  else if (became === 'full') totals[LOG_DROPPED] = (totals[LOG_DROPPED] as number) + 1;
}

function opened({ bytes, file, kind }: GeoBytes) {
  return openDatabase(new Uint8Array(bytes), file, kind);
}

function tell(message: FromEdge): void {
  parentPort?.postMessage(message);
}
