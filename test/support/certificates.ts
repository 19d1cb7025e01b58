import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A throw-away authority and a certificate of it for 127.0.0.1 and localhost, as PEM texts and files. */
export type Certificates = {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
};

/** Makes certificates with openssl, in a folder that goes `atEnd`. */
export function makeCertificates(atEnd: (run: () => void) => void = onTestFinished): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-tls-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  openssl(
    'req',
    ...curve,
    '-subj',
    '/CN=localhost',
    '-keyout',
    at('key.pem'),
    '-out',
    at('request.pem'),
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  );
  openssl(
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    at('request.pem'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-copy_extensions',
    'copy',
    '-out',
    at('cert.pem'),
  );
  const read = (name: string) => readFileSync(at(name), 'utf8');
  return {
    ca: read('ca.pem'),
    cert: read('cert.pem'),
    key: read('key.pem'),
    caFile: at('ca.pem'),
    certFile: at('cert.pem'),
    keyFile: at('key.pem'),
  };
}
