import { paced } from '../peers/added.ts';
import { median } from '../peers/medians.ts';
import type { Paced } from '../peers/paced-client.ts';
import { LOAD_CORE, PROXY_CORE } from '../peers/scene.ts';
import { end } from '../rig/children.ts';
import { startOrigins } from '../rig/start-origins.ts';
import { EdgesStage, type OriginPorts } from './edges-stage.ts';

/** Phases in which the stores are well, and hang, in turn: a well one, a hanging one, and so on. */
export type Hanging = { readonly well: readonly Paced[]; readonly hanging: readonly Paced[] };

const PER_SECOND = 2000;
const PATH = '/bytes/100';

/** The latency of requests at one edge, while all stores of its fleet hang in every second phase. */
export async function measureHang(pairs: number, seconds: number): Promise<Hanging> {
  const { child: origin, ports } = await startOrigins(3, { core: LOAD_CORE });
  try {
    const stage = await EdgesStage.start(ports as OriginPorts, [PROXY_CORE]);
    try {
      return await phases(stage, pairs, seconds);
    } finally {
      for (const server of stage.servers) server.goOn();
      await stage.end();
    }
  } finally {
    await end(origin);
  }
}

async function phases({ servers, edges }: EdgesStage, pairs: number, seconds: number): Promise<Hanging> {
  const [edge] = edges;
  if (edge === undefined) throw new Error('there is no edge');
  const order = { port: edge.port, path: PATH, rate: PER_SECOND, seconds };
  const [well, hanging]: [Paced[], Paced[]] = [[], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const server of servers) server.goOn();
    well.push(await paced(order));
    for (const server of servers) server.stop();
    hanging.push(await paced(order));
    if (await edge.isInStep()) throw new Error('nothing was hanging');
  }
  return { well, hanging };
}

/** The medians of the phases, in microseconds. */
export function medianUs(phasesOf: readonly Paced[], of: (phase: Paced) => number): number {
  return median(phasesOf.map(of));
}
