import { leaveBrowserOut } from './lean-http.ts';

// The first thing that an edge thread runs: what has to come before the modules of the edge are loaded.
leaveBrowserOut();
await import('./edge-thread.ts');
