import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Fault } from '../config/kind.ts';
import type { Path } from '../config/problem.ts';
import { readErrorText } from '../config/read-error-text.ts';
import { openRegularFile } from '../config/regular-file.ts';
import type { Topology } from '../config/topology.ts';
import { BUILTIN, readDatabase } from '../geo/database-file.ts';
import { readPem } from './pem-files.ts';

/**
 * What is wrong with the files that a topology names, at the keys that name them: those that are read are read, and those
 * that are written must be in a place that this user may write to. Nothing is written, and nothing that could hang is opened.
 */
export async function namedFileFaults(topology: Topology, wallMs: number): Promise<readonly Fault[]> {
  const { edge, geoDatabase, alerts, services, fleet } = topology;
  const faults = await Promise.all([
    readPem(topology, { wallMs }).then((read) => read.faults),
    geoDatabase === BUILTIN ? [] : faultOf(['geo', 'database'], readDatabase(geoDatabase)),
    alerts.stateFile === undefined ? [] : writtenFault(['alerts', 'state'], alerts.stateFile, 'folder is made'),
    fleet?.path === undefined ? [] : writtenFault(['fleet', 'path'], fleet.path, 'folder must be there'),
    ...edge.listeners.map(({ tls }) => {
      const { at, folder } = tls?.acme ?? {};
      // A file in it stands for all that are written there.
      return at === undefined || folder === undefined
        ? []
        : writtenFault([...at, 'folder'], join(folder, 'x'), 'folder is made', folder);
    }),
    ...services.map(({ name, degraded }) => {
      const key = ['services', name, 'degraded', 'cache', 'path'];
      const path = degraded?.cache.path;
      return path === undefined ? [] : writtenFault(key, path, 'folder must be there');
    }),
  ]);
  return faults.flat();
}

async function faultOf(path: Path, reading: Promise<unknown>): Promise<readonly Fault[]> {
  return reading.then(
    () => [],
    (error: Error) => [{ path, message: error.message.replace(/\.$/, '') }],
  );
}

/** Whether the folder of a file is made when it is not there, or must be there. */
type Folder = 'folder is made' | 'folder must be there';

async function writtenFault(path: Path, file: string, folder: Folder, shown = file): Promise<readonly Fault[]> {
  const problem = await writingProblem(resolve(file), folder);
  return problem === undefined ? [] : [{ path, message: `${shown} cannot be written: ${problem}` }];
}

async function writingProblem(file: string, folder: Folder): Promise<string | undefined> {
  try {
    const handle = await openRegularFile(file);
    await handle.close();
    await access(file, constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return problemOf(error, file);
  }
  // The file beside it, by which it is replaced or which the database needs, is made in the same folder.
  return folderProblem(dirname(file), folder);
}

async function folderProblem(folder: string, kind: Folder): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return `${folder} is no directory; choose another path`;
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return problemOf(error, folder);
    const above = dirname(folder);
    if (kind === 'folder is made' && above !== folder) return folderProblem(above, kind);
    return `there is no folder ${folder}; make it, or choose another path`;
  }
}

function problemOf(error: unknown, path: string): string {
  const code = codeOf(error);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return readErrorText(error);
  return `the user that runs this may not write to ${path} (${code}); let it, or choose another path`;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
