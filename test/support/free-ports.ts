import { createServer, type Server } from 'node:net';

/** Below the ports that systems hand out by themselves, so that nobody takes one between the look and the use. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** The first of `count` neighbouring ports on loopback that are all free now. Rejects when there is no such place. */
export async function freePorts(count: number): Promise<number> {
  const start = LOWEST + ((process.pid * 16) % (HIGHEST - LOWEST));
  for (let base = start; base + count < HIGHEST; base += count) {
    const taken = await Promise.all(Array.from({ length: count }, (_, i) => hold(base + i)));
    const free = taken.every((server) => server !== undefined);
    await Promise.all(
      taken.map((server) => new Promise((done) => (server === undefined ? done(0) : server.close(done)))),
    );
    if (free) return base;
  }
  throw new Error(`no ${count} neighbouring ports are free`);
}

function hold(port: number): Promise<Server | undefined> {
  const { promise, resolve } = Promise.withResolvers<Server | undefined>();
  const server = createServer();
  server.once('error', () => resolve(undefined));
  server.listen(port, '127.0.0.1', () => resolve(server));
  return promise;
}
