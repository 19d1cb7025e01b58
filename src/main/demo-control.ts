import { rm } from 'node:fs/promises';
import { demoRuns } from '../demo/control-client.ts';
import {
  controlFilePath,
  newToken,
  readControlFile,
  removeControlFile,
  writeControlFile,
} from '../demo/control-file.ts';
import { ControlServer, type Obey } from '../demo/control-server.ts';

/** The way in for a second terminal; `deaf` says why there is none. */
export type Controlled = { readonly deaf: string | undefined; readonly close: () => Promise<void> };

/** Listens for commands and leaves the file that says where. A file that no running demo holds is replaced. */
export async function controlled(obey: Obey): Promise<Controlled> {
  const path = controlFilePath();
  const before = await readControlFile(path);
  if (before !== undefined && (await demoRuns(before))) {
    return deaf(`Another demo (process ${before.pid}) runs already; commands of other terminals go there.`);
  }
  const token = newToken();
  const server = await ControlServer.start(token, obey);
  const close = async () => {
    server.close();
    await removeControlFile(path, token);
  };
  try {
    await rm(path, { force: true });
    const written = await writeControlFile(path, { pid: process.pid, port: server.port, token });
    if (written) return { deaf: undefined, close };
    await close();
    return deaf('Another demo started at the same moment; commands of other terminals go there.');
  } catch (error) {
    await close();
    return deaf(
      `Commands of other terminals do not come here: ${path} cannot be written (${(error as Error).message}).`,
    );
  }
}

function deaf(why: string): Controlled {
  return { deaf: why, close: async () => {} };
}
