import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPort } from '../compose/port.ts';
import { type Meridian, startMeridian } from '../compose.ts';
import { parseTopology } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import { DEMO_REGIONS } from '../demo/regions.ts';
import { topologyText } from '../demo/topology-text.ts';

/** The demo's edge, where it serves, and the file that it was started with. */
export type DemoEdge = {
  readonly meridian: Meridian;
  readonly url: string;
  readonly adminUrl: string;
  readonly file: string;
  /** Ends the edge and removes the file. */
  readonly stop: () => Promise<void>;
};

/**
 * Writes the configuration and starts the edge with it, on `port` and the one after it; 0 takes free ones. Rejects with
 * one sentence; nothing is left then. `more` is YAML that is put behind it.
 */
export async function startDemoEdge(
  origins: Readonly<Record<string, number>>,
  port: number,
  more = '',
): Promise<DemoEdge> {
  const ports = await edgePorts(port);
  const text = `${topologyText(DEMO_REGIONS, { ...ports, origins })}${more}\n`;
  const folder = await mkdtemp(join(tmpdir(), 'meridian-demo-'));
  const file = join(folder, 'meridian.yaml');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(file, text, { mode: 0o600 });
    const parsed = parseTopology(text, { file, env: {}, readFile: () => '' });
    if (!parsed.ok)
      throw new Error(`the demo's own configuration is not good\n${formatProblems(file, parsed.problems)}`);
    const meridian = await startMeridian({ topology: parsed.topology, env: {}, tolerant: true });
    return {
      meridian,
      url: `http://127.0.0.1:${meridian.edge.port}/`,
      adminUrl: `http://127.0.0.1:${meridian.admin.port}`,
      file,
      stop: async () => {
        await meridian.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Ports that were free a moment ago: written into the file, so that other commands can be pointed at it. */
async function edgePorts(port: number): Promise<{ readonly edge: number; readonly admin: number }> {
  if (port !== 0) return { edge: port, admin: port + 1 };
  const claimed = await Promise.all([claim('edge'), claim('admin')]);
  if (claimed[0] === claimed[1]) return edgePorts(port);
  return { edge: claimed[0], admin: claimed[1] };
}

async function claim(key: string): Promise<number> {
  const { address, release } = await claimPort({ host: '127.0.0.1', port: 0 }, key);
  release();
  return address.port;
}
