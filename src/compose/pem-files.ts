import { partsOf } from '../acme/pem-parts.ts';
import type { Fault } from '../config/kind.ts';
import { namedAuthorities, namedPairs } from '../config/origin-tls.ts';
import { type Path, pathText } from '../config/problem.ts';
import { readRegularFile } from '../config/regular-file.ts';
import type { Topology } from '../config/topology.ts';
import type { AcmeSettings } from '../config/topology-acme.ts';
import type { CertificateFiles, ListenerSettings } from '../config/topology-listener.ts';
import type { ListedCertificate, ListenerPem } from '../edge/thread/handshakes.ts';
import type { CertificatePair } from '../edge/upstream/secure-contexts.ts';
import { certificatesIn, checkPair, dateProblem } from './certificate-checks.ts';

/** What a topology names by path, read: certificates, keys and authorities. */
export type PemTexts = {
  /** By the name of a listener; those without TLS have none. */
  readonly listeners: Readonly<Record<string, ListenerPem>>;
  /** By the name of a service, or the id of an endpoint that names its own. */
  readonly authorities: Readonly<Record<string, string>>;
  /** What the edge shows to endpoints, in the same way. */
  readonly clientPairs: Readonly<Record<string, CertificatePair>>;
  /** PEM texts of additional authorities of the fleet's stores, by region. */
  readonly fleetAuthorities: Readonly<Record<string, string>>;
};

/** What was read, and what is wrong with the rest, at the keys that name it. */
export type PemReading = { readonly pem: PemTexts; readonly faults: readonly Fault[] };

/** Every authority of the world is a quarter of a MiB; whatever is larger than this is another file. */
const PEM_BYTES_MAX = 8 * 1024 * 1024;

/** Reads and checks every PEM file of a topology. Rejects with one sentence that names the file and the key. */
export async function readPemFiles(topology: Topology, dates?: Dates): Promise<PemTexts> {
  const { pem, faults } = await readPem(topology, dates);
  const [first] = faults;
  if (first !== undefined) throw new Error(`${pathText(first.path)}: ${first.message}`);
  return pem;
}

/**
 * By which day it is judged whether a chain is good, and what is in force: a chain that is shown already stays good, so that nothing else that a
 * reload is about waits for it.
 */
export type Dates = { readonly wallMs: number; readonly inForce?: PemTexts | undefined };

/**
 * Reads and checks every PEM file of a topology, all of them whatever is wrong with some. Without `dates` a chain that has ended is
 * taken: an edge that starts has nothing better.
 */
export async function readPem(topology: Topology, dates?: Dates): Promise<PemReading> {
  const { edge, fleet } = topology;
  const faults: Fault[] = [];
  const keep = async <T>(path: Path, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      faults.push({ path, message: (error as Error).message.replace(/\.$/, '') });
      return undefined;
    }
  };
  const listeners: Record<string, ListenerPem> = {};
  for (const one of edge.listeners) {
    const read = await readListener(one, { keep, dates });
    if (read !== undefined) listeners[one.name] = read;
  }
  const fleetAuthorities: Record<string, string> = {};
  for (const { name, ca } of fleet?.regions ?? []) {
    if (ca === undefined) continue;
    const text = await keep(['fleet', 'regions', name, 'ca'], readAuthorities(ca));
    if (text !== undefined) fleetAuthorities[name] = text;
  }
  const authorities: Record<string, string> = {};
  for (const { holder, at, file } of namedAuthorities(topology)) {
    const text = await keep(at, readAuthorities(file));
    if (text !== undefined) authorities[holder] = text;
  }
  const clientPairs: Record<string, CertificatePair> = {};
  for (const { holder, files } of namedPairs(topology)) {
    const read = await readCertificate(files, clientPairOf(holder), { keep, dates });
    if (read !== undefined) clientPairs[holder] = { cert: read.cert, key: read.key };
  }
  return { pem: { listeners, authorities, clientPairs, fleetAuthorities }, faults };
}

/** Which chain is in force, so that it is not refused for having ended. */
type InForce = (pem: PemTexts) => readonly CertificatePair[];

function listenerCertificates(name: string): InForce {
  return ({ listeners }) => listeners[name]?.certificates ?? [];
}

function clientPairOf(holder: string): InForce {
  return ({ clientPairs }) => [clientPairs[holder]].filter((one) => one !== undefined);
}

type How = {
  /** What was read; undefined when it could not be, which is noted at this path. */
  readonly keep: <T>(path: Path, reading: Promise<T>) => Promise<T | undefined>;
  readonly dates: Dates | undefined;
};

async function readListener({ name, tls }: ListenerSettings, how: How): Promise<ListenerPem | undefined> {
  if (tls === undefined) return undefined;
  const certificates: ListedCertificate[] = [];
  for (const files of tls.certificates) {
    // What the edge obtains itself it obtains anew when it is not good: that keeps nobody from being served.
    const read = files.obtained
      ? await readObtained(files, how.dates, name).catch(() => undefined)
      : await readCertificate(files, listenerCertificates(name), how);
    if (read !== undefined) certificates.push(read);
    const given = files.obtained && givenFor(files, tls.acme, certificates);
    if (given !== undefined) await how.keep(files.at, Promise.reject(given));
  }
  if (tls.acme?.directoryCa !== undefined) {
    await how.keep([...tls.acme.at, 'directory_ca'], readAuthorities(tls.acme.directoryCa));
  }
  const { clients } = tls;
  const clientCa = clients === undefined ? undefined : await how.keep(clients.at, readAuthorities(clients.ca));
  return { certificates, clientCa };
}

async function readCertificate(
  files: CertificateFiles,
  shown: InForce,
  { keep, dates }: How,
): Promise<ListedCertificate | undefined> {
  const chain = await keep([...files.at, 'cert'], readPemText(files.cert));
  const secret = await keep([...files.at, 'key'], readPemText(files.key));
  if (chain === undefined || secret === undefined) return undefined;
  return keep(files.at, Promise.try(checked, `${files.cert} and ${files.key}`, { chain, secret }, { dates, shown }));
}

/** A certificate and its key, read and checked. Rejects with one sentence that names the files. */
export async function readListenerPair(
  files: CertificateFiles,
  dates: Dates,
  listener: string,
): Promise<ListedCertificate> {
  return readPair(files, dates, listenerCertificates(listener));
}

/** The same of what the edge has obtained itself; undefined while it has not. */
export async function readObtained(
  { cert: file }: CertificateFiles,
  dates: Dates | undefined,
  listener: string,
): Promise<ListedCertificate | undefined> {
  const text = await readRegularFile(file, PEM_BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error.code ?? error.message})`);
  });
  if (text === undefined) return undefined;
  const parts = partsOf(text.toString('utf8'));
  if (parts === undefined) throw new Error(`${file} holds no key or no certificate`);
  const files = { chain: parts.chain, secret: parts.key };
  return { ...checked(file, files, { dates, shown: listenerCertificates(listener) }), obtainedIn: file };
}

/** Of two certificates for one name, both would be shown to nobody. */
function givenFor(
  { at }: CertificateFiles,
  acme: AcmeSettings | undefined,
  certificates: readonly ListedCertificate[],
): Error | undefined {
  const domain = acme?.domains[Number(at.at(-1))] ?? '';
  const keyType = acme?.keyType === 'rsa' ? 'rsa' : 'ec';
  const given = certificates.some(
    (one) => one.obtainedIn === undefined && one.keyType === keyType && one.names.includes(domain),
  );
  if (!given) return undefined;
  return new Error(
    `is a name of a certificate that is given by files, with a key of the same type; remove one of them`,
  );
}

/** The same of what endpoints are shown. */
export async function readClientPair(
  files: CertificateFiles,
  dates: Dates,
  holder: string,
): Promise<ListedCertificate> {
  return readPair(files, dates, clientPairOf(holder));
}

async function readPair(files: CertificateFiles, dates: Dates, shown: InForce): Promise<ListedCertificate> {
  const [chain, secret] = [await readPemText(files.cert), await readPemText(files.key)];
  return checked(`${files.cert} and ${files.key}`, { chain, secret }, { dates, shown });
}

type Judged = { readonly dates: Dates | undefined; readonly shown: InForce };

function checked(
  where: string,
  { chain, secret }: { readonly chain: string; readonly secret: string },
  { dates, shown }: Judged,
): ListedCertificate {
  try {
    const read = listed(chain, secret);
    const known = dates?.inForce !== undefined && shown(dates.inForce).some((one) => one.cert === chain);
    const problem = dates === undefined || known ? undefined : dateProblem(chain, dates.wallMs);
    if (problem !== undefined) throw new Error(problem);
    return read;
  } catch (error) {
    throw unusable(where, error as Error);
  }
}

/** A certificate with what is to be known of it. Throws with the reason why it cannot be used. */
export function listed(cert: string, key: string): ListedCertificate {
  const { names, keyType } = checkPair(cert, key);
  return { cert, key, names, keyType };
}

/** The text of a PEM file of authorities. Rejects with one sentence that names the file. */
export async function readAuthorities(file: string): Promise<string> {
  const pem = await readPemText(file);
  try {
    certificatesIn(pem);
  } catch (error) {
    throw unusable(file, error as Error);
  }
  return pem;
}

/** The text of a PEM file. Rejects with one sentence that names the file. */
export async function readPemText(file: string): Promise<string> {
  const bytes = await readRegularFile(file, PEM_BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === undefined ? `: ${error.message}` : ` (${error.code}); check the path and its permissions`;
    throw new Error(`${file} cannot be read${why}`);
  });
  const text = bytes.toString('utf8');
  if (!text.includes('-----BEGIN ')) throw new Error(`${file} is not in PEM format; convert it with openssl`);
  return text;
}

function unusable(file: string, error: Error): Error {
  return new Error(`${file} cannot be used: ${error.message}`, { cause: error });
}
