/** What `node:http` says of the browser's world, each behind a getter that loads all of the runtime's own undici. */
const BROWSER_NAMES = ['WebSocket', 'CloseEvent', 'MessageEvent'] as const;

/**
 * To be called in each thread before any module is loaded that imports `node:http`. The first such import reads every enumerable
 * property of it, getters too: 40 ms and 15 MB for three classes that nobody here uses (Node 22, 24 and 26). They stay where they
 * are for whoever asks for one by its name.
 */
export function leaveBrowserOut(): void {
  const http: object = process.getBuiltinModule('node:http');
  for (const name of BROWSER_NAMES) {
    const found = Object.getOwnPropertyDescriptor(http, name);
    if (found?.get !== undefined && found.configurable) Object.defineProperty(http, name, { enumerable: false });
  }
}
