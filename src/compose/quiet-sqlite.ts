/**
 * To be called in each thread before any module is loaded. Node 22 and 24 warn that their SQLite may change, once in each thread at every
 * start. We know, test with them, and depend on a few of its calls; an operator can do nothing about it. Other warnings are told.
 */
export function keepQuietAboutSqlite(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: readonly unknown[]): void => {
    const [warning, kind] = args;
    if (kind === 'ExperimentalWarning' && String(warning).startsWith('SQLite is')) return;
    emit(...args);
  };
}
