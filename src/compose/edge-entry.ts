import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { leaveBrowserOut } from './lean-http.ts';
import type { EdgeNest } from './protocol.ts';
import { keepQuietAboutSqlite } from './quiet-sqlite.ts';

// The first thing that an edge thread runs: what has to come before the modules of the edge are loaded.
const { compiled } = workerData as EdgeNest;
if (compiled !== undefined) enableCompileCache(compiled);
leaveBrowserOut();
keepQuietAboutSqlite();
await import('./edge-thread.ts');
