import type { AdminPorts } from '../../../src/admin/ports.ts';

/** Ports of a Meridian that is well; a test replaces what it is about. */
export function portsWith(more: Partial<AdminPorts> = {}): AdminPorts {
  return {
    live: () => true,
    readiness: () => ({ ready: true, checks: [{ name: 'serving', ok: true, detail: '' }] }),
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' }),
    explain: ({ clientIp }) => ({ chosen: clientIp }),
    topology: () => ({ services: [] }),
    status: () => ({ endpoints: [] }),
    alerts: () => ({ alerts: [], sinks: [] }),
    slo: () => ({ services: [] }),
    chaos: {
      list: () => ({ running: [] }),
      start: async (body) => ({ started: body }),
      stop: async (body) => ({ stopped: body }),
    },
    fleet: { show: () => ({ edges: [] }), order: async (verb, body) => ({ verb, body: body as object }) },
    values: {
      get: async ({ key }) => ({ etag: '"1"', key }),
      list: async (ask) => ({ cursor: 'x.1', values: [], ask }),
      write: async (ask) => ({ etag: '"2"', stored: 'primary', ask }),
    },
    purge: async () => ({ threads: 2, failed: [] }),
    reload: async () => ({ ok: true }),
    ...more,
  };
}
