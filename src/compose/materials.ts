import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Topology } from '../config/topology.ts';
import type { TlsMaterial } from '../edge/thread/http-server.ts';

/** What a topology names by path, read: certificates, keys and authorities. */
export type Materials = {
  readonly tls: TlsMaterial | undefined;
  readonly authorities: Readonly<Record<string, string>>;
  /** PEM texts of additional authorities of the fleet's stores, by region. */
  readonly fleetAuthorities: Readonly<Record<string, string>>;
};

/** Reads and checks every PEM file of a topology. Rejects with one sentence that names the file and the key. */
export async function readMaterials(topology: Topology): Promise<Materials> {
  const named = topology.services.map(({ name, tls }) => ({ name, ca: tls.ca, key: `services.${name}.tls.ca` }));
  const stores = topology.fleet?.regions.map(({ name, ca }) => ({ name, ca, key: `fleet.regions.${name}.ca` })) ?? [];
  const authorities = await authoritiesOf(named);
  const fleetAuthorities = await authoritiesOf(stores);
  const { tls } = topology.edge;
  if (tls === undefined) return { tls: undefined, authorities, fleetAuthorities };
  const material = { cert: await readPem(tls.cert, 'edge.tls.cert'), key: await readPem(tls.key, 'edge.tls.key') };
  checked(() => createSecureContext(material), `${tls.cert} and ${tls.key}`, 'edge.tls');
  return { tls: material, authorities, fleetAuthorities };
}

type Named = { readonly name: string; readonly ca: string | undefined; readonly key: string };

async function authoritiesOf(all: readonly Named[]): Promise<Readonly<Record<string, string>>> {
  const authorities: Record<string, string> = {};
  for (const { name, ca, key } of all) {
    if (ca === undefined) continue;
    const pem = await readPem(ca, key);
    checked(() => readAuthorities(pem), ca, key);
    authorities[name] = pem;
  }
  return authorities;
}

async function readPem(file: string, key: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${key}: ${file} cannot be read (${error.code}); check the path and its permissions`);
  });
  if (!text.includes('-----BEGIN ')) throw new Error(`${key}: ${file} is not in PEM format; convert it with openssl`);
  return text;
}

/** Reads every certificate: a TLS context would pass over a damaged one in silence, and trust nobody. */
function readAuthorities(pem: string): readonly X509Certificate[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (certificates === null) throw new Error('it holds no certificate');
  return certificates.map((certificate) => new X509Certificate(certificate));
}

function checked(use: () => unknown, file: string, key: string): void {
  try {
    use();
  } catch (error) {
    throw new Error(`${key}: ${file} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
