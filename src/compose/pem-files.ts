import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readRegularFile } from '../config/regular-file.ts';
import type { ListenTls, Topology } from '../config/topology.ts';
import type { ServerTls } from '../edge/thread/secure-server.ts';

/** What a topology names by path, read: certificates, keys and authorities. */
export type PemTexts = {
  readonly tls: ServerTls | undefined;
  readonly authorities: Readonly<Record<string, string>>;
  /** PEM texts of additional authorities of the fleet's stores, by region. */
  readonly fleetAuthorities: Readonly<Record<string, string>>;
};

/** Every authority of the world is a quarter of a MiB; whatever is larger than this is another file. */
const PEM_BYTES_MAX = 8 * 1024 * 1024;

/** Reads and checks every PEM file of a topology. Rejects with one sentence that names the file and the key. */
export async function readPemFiles(topology: Topology): Promise<PemTexts> {
  const named = topology.services.map(({ name, tls }) => ({ name, ca: tls.ca, key: `services.${name}.tls.ca` }));
  const stores = topology.fleet?.regions.map(({ name, ca }) => ({ name, ca, key: `fleet.regions.${name}.ca` })) ?? [];
  const authorities = await authoritiesOf(named);
  const fleetAuthorities = await authoritiesOf(stores);
  const { tls } = topology.edge;
  if (tls === undefined) return { tls: undefined, authorities, fleetAuthorities };
  const pair = {
    cert: await keyed('edge.tls.cert', readPem(tls.cert)),
    key: await keyed('edge.tls.key', readPem(tls.key)),
  };
  await keyed('edge.tls', checkPair(tls, pair));
  return { tls: pair, authorities, fleetAuthorities };
}

type Named = { readonly name: string; readonly ca: string | undefined; readonly key: string };

async function authoritiesOf(all: readonly Named[]): Promise<Readonly<Record<string, string>>> {
  const authorities: Record<string, string> = {};
  for (const { name, ca, key } of all) {
    if (ca !== undefined) authorities[name] = await keyed(key, readAuthorities(ca));
  }
  return authorities;
}

/** The text of a PEM file of authorities. Rejects with one sentence that names the file. */
export async function readAuthorities(file: string): Promise<string> {
  const pem = await readPem(file);
  checked(() => certificatesIn(pem), file);
  return pem;
}

/** The text of a PEM file. Rejects with one sentence that names the file. */
export async function readPem(file: string): Promise<string> {
  const bytes = await readRegularFile(file, PEM_BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === undefined ? `: ${error.message}` : ` (${error.code}); check the path and its permissions`;
    throw new Error(`${file} cannot be read${why}`);
  });
  const text = bytes.toString('utf8');
  if (!text.includes('-----BEGIN ')) throw new Error(`${file} is not in PEM format; convert it with openssl`);
  return text;
}

/** Rejects with one sentence unless key and certificate belong together. */
export async function checkPair({ cert, key }: ListenTls, pair: Pick<ServerTls, 'cert' | 'key'>): Promise<void> {
  checked(() => createSecureContext(pair), `${cert} and ${key}`);
}

/** Reads every certificate: a TLS context would pass over a damaged one in silence, and trust nobody. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (certificates === null) throw new Error('it holds no certificate');
  return certificates.map((certificate) => new X509Certificate(certificate));
}

function checked(use: () => unknown, file: string): void {
  try {
    use();
  } catch (error) {
    throw new Error(`${file} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/** Puts the key that names the file before what is wrong with it. */
function keyed<T>(key: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: Error) => {
    throw new Error(`${key}: ${error.message}`, { cause: error });
  });
}
