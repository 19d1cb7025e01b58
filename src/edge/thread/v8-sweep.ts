import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So many bytes of bodies pass through a thread between two sweeps. */
export const SWEEP_BYTES = 16 * 1024 * 1024;

/**
 * Counts bytes of bodies that pass through this thread, and has V8 sweep its young objects every 16 MiB. Each chunk of a body
 * is memory outside V8's heap that goes when a small object in it goes, and V8 lets 64 MiB of such memory pile up before
 * it looks. Sweeping the young objects costs a millisecond and keeps a large body from leaving that much behind; a
 * smaller young generation would do it too, but costs small requests a fifth of their speed.
 */
export function bodySweeper(): (bytes: number) => void {
  const sweep = exposedGc();
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < SWEEP_BYTES) return;
    passed = 0;
    sweep();
  };
}

function exposedGc(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  return () => gc({ type: 'minor' });
}
