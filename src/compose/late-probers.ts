import type { CheckResult, OpenProber, Prober } from '../health/check.ts';

/**
 * Probers whose library is loaded when the first check is made, and not before: clients are served first. Checks keep their own time,
 * so what the first of them waits for is no part of it.
 */
export function lateProbers(load: () => Promise<OpenProber>): OpenProber {
  let loaded: Promise<OpenProber> | undefined;
  return (target) => {
    let prober: Prober | undefined;
    let closed = false;
    return {
      check: async (addresses, anew) => {
        loaded ??= load();
        const open = await loaded;
        if (closed) return CLOSED;
        prober ??= open(target);
        return prober.check(addresses, anew);
      },
      close: () => {
        closed = true;
        prober?.close();
      },
    };
  };
}

const CLOSED: CheckResult = {
  reachable: false,
  latencyMs: undefined,
  connectMs: undefined,
  status: undefined,
  error: 'closed',
};
