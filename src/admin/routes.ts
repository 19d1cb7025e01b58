import { EXAMPLES } from './examples.ts';
import { explainReply } from './explain.ts';
import { metricsReply } from './exposition.ts';
import { orderReply } from './json-order.ts';
import type { AdminPorts } from './ports.ts';
import { purgeReply } from './purge.ts';
import { readyzReply } from './readyz.ts';
import { type AdminReply, json, text } from './reply.ts';
import type { AdminRequest } from './request.ts';
import { valuesReply } from './values.ts';

/**
 * Who may use a route. `anybody`: what probes and Prometheus ask. `reader`: who has the token, or anybody when there is
 * none. `operator`: who has the token; when there is none, somebody on this machine.
 */
export type Access = 'anybody' | 'reader' | 'operator';

export type Route = {
  /** GET reads, all others change. HEAD is answered wherever GET is. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A `*` at the end stands for any path. */
  readonly path: string;
  readonly access: Access;
  readonly handle: (request: AdminRequest, ports: AdminPorts) => AdminReply | Promise<AdminReply>;
};

/** The whole API. A new route is a line here, and a function of a port if it needs one. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/livez', access: 'anybody', handle: (_, ports) => livez(ports) },
  {
    method: 'GET',
    path: '/readyz',
    access: 'anybody',
    handle: ({ query }, ports) => readyzReply(ports.readiness(), 'verbose' in query),
  },
  {
    method: 'GET',
    path: '/metrics',
    access: 'anybody',
    handle: (asked, ports) => metricsReply(asked, ports.metrics),
  },
  {
    method: 'GET',
    path: '/explain',
    access: 'reader',
    handle: ({ query }, ports) => explainReply(query, ports.explain),
  },
  { method: 'GET', path: '/topology', access: 'reader', handle: (_, ports) => json(200, ports.topology()) },
  { method: 'GET', path: '/status', access: 'reader', handle: (_, ports) => json(200, ports.status()) },
  { method: 'GET', path: '/chaos', access: 'reader', handle: (_, ports) => json(200, ports.chaos.list()) },
  {
    method: 'POST',
    path: '/chaos/start',
    access: 'operator',
    handle: ({ body }, ports) => orderReply(body, ports.chaos.start, EXAMPLES.chaos),
  },
  {
    method: 'POST',
    path: '/chaos/stop',
    access: 'operator',
    handle: ({ body }, ports) => orderReply(body, ports.chaos.stop, EXAMPLES.chaos),
  },
  { method: 'GET', path: '/fleet', access: 'reader', handle: (_, ports) => json(200, ports.fleet.show()) },
  ...(['drain', 'undrain', 'weight', 'capacity'] as const).map(
    (verb): Route => ({
      method: 'POST',
      path: `/${verb}`,
      access: 'operator',
      handle: ({ body }, ports) => orderReply(body, (order) => ports.fleet.order(verb, order), EXAMPLES[verb]),
    }),
  ),
  {
    method: 'GET',
    path: '/fleet/values',
    access: 'reader',
    handle: (asked, ports) => valuesReply('GET', asked, ports),
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map(
    (method): Route => ({
      method,
      path: '/fleet/values/*',
      access: method === 'GET' ? 'reader' : 'operator',
      handle: (asked, ports) => valuesReply(method, asked, ports),
    }),
  ),
  { method: 'GET', path: '/alerts', access: 'reader', handle: (_, ports) => json(200, ports.alerts()) },
  { method: 'GET', path: '/slo', access: 'reader', handle: (_, ports) => json(200, ports.slo()) },
  {
    method: 'POST',
    path: '/cache/purge',
    access: 'operator',
    handle: ({ body }, ports) => purgeReply(body, ports.purge),
  },
  { method: 'POST', path: '/reload', access: 'operator', handle: (_, ports) => reload(ports) },
];

function livez({ live }: AdminPorts): AdminReply {
  return live() ? text(200, 'ok') : text(503, 'not live');
}

async function reload(ports: AdminPorts): Promise<AdminReply> {
  const result = await ports.reload();
  if (result.ok) return json(200, { ok: true });
  const fix = 'correct the file and try again; the previous topology stays in use';
  return json(422, { error: 'the file has problems', fix, problems: result.problems });
}
