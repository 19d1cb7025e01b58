import type { Server } from 'node:http';
import type { AheadBytes } from '../client/ahead-bytes.ts';
import type { Front } from '../client/front.ts';
import { takeTurn } from '../client/turns.ts';
import { onClientError } from '../general/client-error.ts';
import { type RedirectDeps, redirect } from '../general/redirect.ts';
import type { World } from '../request/world.ts';
import type { Deployment } from './deployment.ts';
import { httpServer, serve } from './http-server.ts';

export type Now = { readonly deployment: Deployment; readonly world: World };
export type RedirectFrontDeps = Omit<RedirectDeps, 'serves'> & { readonly ahead: AheadBytes };

/** With the server that has its connections. */
export type RedirectFront = Front & { readonly server: Server };

/** The front of a listener that redirects. It has a server of its own, with the limits of any other. */
export function redirectFront(now: Now, deps: RedirectFrontDeps): RedirectFront {
  const all: RedirectDeps = { ...deps, serves: (host, target) => now.world.services.find(host, target) !== undefined };
  const server = httpServer(now.deployment.topology, (request, response) =>
    takeTurn(deps.ahead, request, response, (...turn) => redirect(all, ...turn)),
  );
  server.on('clientError', (error, socket) => onClientError(error, socket as never, deps.refused));
  return { server, accept: (socket) => serve(server, socket) };
}
