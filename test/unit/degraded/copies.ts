import type { CachePolicy } from '../../../src/config/topology-degraded.ts';
import type { Copy } from '../../../src/degraded/copy.ts';

/** A copy that was made at 0, becomes stale at 10 s and is kept until 70 s; a test says what else it is about. */
export function copyWith(more: Partial<Copy> = {}): Copy {
  return {
    status: 200,
    reason: 'OK',
    headers: ['Content-Type', 'text/plain'],
    body: Buffer.from('body'),
    vary: {},
    bornMs: 0,
    staleAtMs: 10_000,
    keptUntilMs: 70_000,
    mayBeStale: true,
    ifErrorMs: undefined,
    whileRevalidateMs: undefined,
    ...more,
  };
}

export const POLICY: CachePolicy = {
  store: 'memory',
  path: undefined,
  bytes: 1_000_000,
  entries: 100,
  entryBytes: 10_000,
  freshMs: 10_000,
  credentialFields: ['x-api-key'],
  staleMs: 60_000,
  staleIfErrorMs: 0,
  staleWhileRevalidateMs: 0,
};

/** A request without headers, or with these. */
export function headersOf(headers: Readonly<Record<string, string>> = {}): (name: string) => string | undefined {
  return (name) => headers[name];
}
