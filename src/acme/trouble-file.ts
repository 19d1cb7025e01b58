import type { AuthorityTrouble } from './authority-error.ts';
import { readKept, removeKept, writeKept } from './kept-file.ts';
import { RETRY_AFTER_MS_MAX } from './retry-after.ts';

/** Failures in a row, as they are kept over a restart: an edge that is restarted again and again must not use up what an authority allows. */
export type KeptTrouble = {
  readonly failures: number;
  readonly error: string;
  readonly trouble: AuthorityTrouble;
  /** No order before this, by the wall clock. */
  readonly untilMs: number;
};

/** The failures of a certificate that were kept before; undefined when there are none that can be read. `wallMs`: now, by the wall clock. */
export async function readTrouble(certificate: string, wallMs: number): Promise<KeptTrouble | undefined> {
  try {
    const { failures, error, trouble, untilMs } = JSON.parse(
      (await readKept(fileOf(certificate))) ?? '',
    ) as KeptTrouble;
    if (!Number.isSafeInteger(failures) || failures < 1 || typeof error !== 'string') return undefined;
    if (!TROUBLES.includes(trouble) || !Number.isFinite(untilMs)) return undefined;
    // Whatever a clock was when it was written.
    return { failures, error, trouble, untilMs: Math.min(untilMs, wallMs + RETRY_AFTER_MS_MAX) };
  } catch {
    return undefined;
  }
}

/** Keeps the failures of a certificate, beside its file. */
export function writeTrouble(certificate: string, trouble: KeptTrouble): Promise<void> {
  return writeKept(fileOf(certificate), `${JSON.stringify(trouble)}\n`);
}

/** Forgets them. */
export function removeTrouble(certificate: string): Promise<void> {
  return removeKept(fileOf(certificate));
}

const TROUBLES: readonly string[] = ['away', 'limited', 'refused', 'wrong'];

function fileOf(certificate: string): string {
  return certificate.replace(/\.pem$/, '.failures.json');
}
