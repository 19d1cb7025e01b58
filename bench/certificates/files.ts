import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issued, issue } from '../../test/support/x509.ts';

/** A certificate whose files change: `change` puts the next one there, whose common name says which one it is. */
export type Changing = {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly change: (version: number) => void;
};

function next(by: Issued, name: string, version: number): Issued {
  return issue({ subject: `v${version}`, names: [name], by });
}

/** As Kubernetes does: each version is a folder of its own, and the link `..data` is put in the place of the one before. */
export function mounted(folder: string, by: Issued, name: string): Changing {
  const change = (version: number): void => {
    const { cert, key } = next(by, name, version);
    const at = `..v${version}`;
    mkdirSync(join(folder, at), { recursive: true });
    writeFileSync(join(folder, at, 'tls.crt'), cert);
    writeFileSync(join(folder, at, 'tls.key'), key);
    symlinkSync(at, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    if (version === 0) for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('..data', file), join(folder, file));
    else rmSync(join(folder, `..v${version - 1}`), { recursive: true });
  };
  change(0);
  return { name, cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), change };
}

/** As scripts do: the certificate is written over the one before, and then the key. */
export function overwritten(folder: string, by: Issued, name: string): Changing {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const change = (version: number): void => {
    const { cert, key } = next(by, name, version);
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
  };
  change(0);
  return { name, cert: certFile, key: keyFile, change };
}
