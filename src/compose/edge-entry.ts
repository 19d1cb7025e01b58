import { leaveBrowserOut } from './lean-http.ts';
import { keepQuietAboutSqlite } from './quiet-sqlite.ts';

// The first thing that an edge thread runs: what has to come before the modules of the edge are loaded.
leaveBrowserOut();
keepQuietAboutSqlite();
await import('./edge-thread.ts');
