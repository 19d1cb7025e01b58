import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Issued } from './x509.ts';

/** A folder of a test's own, which goes with it. */
export type Scratch = {
  readonly path: string;
  readonly write: (name: string, text: string) => string;
  /** Writes a certificate with what it was issued by, and its key; the two keys of a YAML block. */
  readonly writePair: (name: string, issued: Issued, chain?: string) => string;
};

export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'meridian-scratch-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    const file = join(path, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    path,
    write,
    writePair: (name, { cert, key }, chain = '') =>
      `cert: ${write(`${name}.pem`, cert + chain)}, key: ${write(`${name}.key`, key)}`,
  };
}
