import { temporaryFolder } from './process.ts';
import type { Issued } from './x509.ts';

/** A folder of a test's own, which goes with it, for certificates too. */
export type Scratch = ReturnType<typeof temporaryFolder> & {
  /** Writes a certificate with what it was issued by, and its key; the two keys of a YAML block. */
  readonly writePair: (name: string, issued: Issued, chain?: string) => string;
};

export function scratch(): Scratch {
  const folder = temporaryFolder();
  const { write } = folder;
  return {
    ...folder,
    writePair: (name, { cert, key }, chain = '') =>
      `cert: ${write(`${name}.pem`, cert + chain)}, key: ${write(`${name}.key`, key)}`,
  };
}
