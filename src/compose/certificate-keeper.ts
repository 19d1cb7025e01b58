import { X509Certificate } from 'node:crypto';
import { namedAuthorities, namedPairs } from '../config/origin-tls.ts';
import { type Path, pathText } from '../config/problem.ts';
import type { Topology } from '../config/topology.ts';
import type { ListenTls } from '../config/topology-listener.ts';
import type { ListedCertificate, ListenerPem } from '../edge/thread/handshakes.ts';
import type { Emit } from '../table/event.ts';
import { nameOf } from './certificate-checks.ts';
import { type PemTexts, readAuthorities, readClientPair, readListenerPair, readObtained } from './pem-files.ts';

export type KeeperDeps = {
  /** In force now. */
  readonly current: { readonly topology: Topology; readonly pem: PemTexts };
  /** Puts other texts into force. */
  readonly apply: (pem: PemTexts) => void;
  readonly emit: Emit;
  readonly wallMs: () => number;
};

/**
 * Keeps certificates, keys and authorities as their files are. Each pair is taken by itself, when it is whole, matches and is good today;
 * what is not is refused with its name, its path and the reason, and what was shown before stays. Nothing is said of what puts itself
 * right by the next look: of a pair, one file is written before the other.
 */
export class CertificateKeeper {
  readonly #deps: KeeperDeps;
  /** What is wrong by where it is named, and whether that has been said. */
  #wrong: Wrong = new Map();

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** The files that the topology in force names. */
  files(): readonly string[] {
    const { topology } = this.#deps.current;
    const shown = topology.edge.listeners.flatMap(({ tls }) => [
      ...(tls?.certificates ?? []).flatMap(({ cert, key }) => [cert, key]),
      ...(tls?.clients === undefined ? [] : [tls.clients.ca]),
    ]);
    const trusted = namedAuthorities(topology).map(({ file }) => file);
    const pairs = namedPairs(topology).flatMap(({ files: { cert, key } }) => [cert, key]);
    return [...new Set([...shown, ...trusted, ...pairs])];
  }

  /** Reads every file and takes what is good; resolves with whether something is wrong that has not been said yet. */
  async look(): Promise<boolean> {
    const { current, apply, emit } = this.#deps;
    const before = { ...current };
    const found = await this.#read(before);
    // A reload has read them by itself meanwhile.
    if (current.topology !== before.topology || current.pem !== before.pem) return true;
    const changes = found.filter(({ change }) => change !== undefined);
    if (changes.length > 0) {
      apply(changes.reduce((pem, { change }) => (change as Change)(pem), before.pem));
      for (const { news } of changes) if (news !== undefined) emit(news);
    }
    return this.#say(found);
  }

  async #read({ topology, pem }: KeeperDeps['current']): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const { name, tls } of topology.edge.listeners) {
      const shown = pem.listeners[name];
      if (tls === undefined || shown === undefined) continue;
      for (const [place, files] of tls.certificates.entries()) {
        const dates = { wallMs: this.#deps.wallMs(), inForce: pem };
        if (files.obtained) {
          const take = (read: ListedCertificate | undefined) => obtained(name, tls, { shown, read });
          found.push(await finding(files.at, readObtained(files, dates, name), take));
          continue;
        }
        const now = shown.certificates[place] as ListedCertificate;
        const reading = readListenerPair(files, dates, name);
        found.push(await finding(files.at, reading, (read) => changed(name, place, { now, read, file: files.cert })));
      }
      if (tls.clients === undefined) continue;
      const reading = readAuthorities(tls.clients.ca);
      found.push(await finding(tls.clients.at, reading, (clientCa) => authorities(shown.clientCa, clientCa, name)));
    }
    for (const { holder, files } of namedPairs(topology)) {
      const reading = readClientPair(files, { wallMs: this.#deps.wallMs(), inForce: pem }, holder);
      found.push(await finding(files.at, reading, (read) => clientPair(holder, pem, { read, file: files.cert })));
    }
    for (const { holder, at, file } of namedAuthorities(topology)) {
      const take = (text: string): Taking => {
        if (text === pem.authorities[holder]) return {};
        return { change: (to) => ({ ...to, authorities: { ...to.authorities, [holder]: text } }) };
      };
      found.push(await finding(at, readAuthorities(file), take));
    }
    return found;
  }

  #say(found: readonly Found[]): boolean {
    const wrong: Wrong = new Map();
    let unsaid = false;
    for (const { at, error } of found) {
      if (error === undefined) continue;
      const known = this.#wrong.get(at);
      const again = known?.error === error;
      if (again && !known.said) this.#deps.emit({ type: 'certificate-refused', key: at, error });
      unsaid ||= !again;
      wrong.set(at, { error, said: again });
    }
    this.#wrong = wrong;
    return unsaid;
  }
}

type Wrong = Map<string, { readonly error: string; readonly said: boolean }>;
type Change = (pem: PemTexts) => PemTexts;
type News = Extract<Parameters<Emit>[0], { type: 'certificate-changed' }>;
/** What is to be put into force, and the event for it; nothing where all is as it was. */
type Taking = { readonly change?: Change; readonly news?: News };
type Found = Taking & { readonly at: string; readonly error?: string };

async function finding<T>(at: Path, reading: Promise<T>, take: (read: T) => Taking): Promise<Found> {
  const key = pathText(at);
  return reading.then(
    (read) => ({ at: key, ...take(read) }),
    (error: Error) => ({ at: key, error: error.message }),
  );
}

type Two = { readonly now: ListedCertificate; readonly read: ListedCertificate; readonly file: string };

function clientPair(holder: string, { clientPairs }: PemTexts, { read, file }: Omit<Two, 'now'>): Taking {
  const now = clientPairs[holder];
  const { cert, key } = read;
  if (cert === now?.cert && key === now.key) return {};
  return {
    change: (to) => ({ ...to, clientPairs: { ...to.clientPairs, [holder]: { cert, key } } }),
    news: newsOf(read, file),
  };
}

function newsOf({ cert }: ListedCertificate, file: string): News {
  const leaf = new X509Certificate(cert);
  return {
    type: 'certificate-changed',
    certificate: nameOf(leaf),
    file,
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfterMs: leaf.validToDate.getTime(),
  };
}

function changed(listener: string, place: number, { now, read, file }: Two): Taking {
  if (read.cert === now.cert && read.key === now.key) return {};
  return {
    change: inListener(listener, ({ certificates }) => ({ certificates: certificates.with(place, read) })),
    news: newsOf(read, file),
  };
}

/** Those that the edge obtains come after all others, in the order of the file, as soon as they are there. */
function obtained(
  listener: string,
  tls: ListenTls,
  { shown, read }: { readonly shown: ListenerPem; readonly read: ListedCertificate | undefined },
): Taking {
  const file = read?.obtainedIn;
  if (read === undefined || file === undefined) return {};
  const now = shown.certificates.find(({ obtainedIn }) => obtainedIn === file);
  if (read.cert === now?.cert && read.key === now.key) return {};
  const rank = ({ obtainedIn }: ListedCertificate): number =>
    obtainedIn === undefined ? -1 : tls.certificates.findIndex(({ cert }) => cert === obtainedIn);
  const change = inListener(listener, ({ certificates }) => {
    const others = certificates.filter(({ obtainedIn }) => obtainedIn !== file);
    return { certificates: [...others, read].toSorted((a, b) => rank(a) - rank(b)) };
  });
  return { change, news: newsOf(read, file) };
}

function authorities(now: string | undefined, clientCa: string, listener: string): Taking {
  return now === clientCa ? {} : { change: inListener(listener, () => ({ clientCa })) };
}

function inListener(name: string, change: (pem: ListenerPem) => Partial<ListenerPem>): Change {
  return (pem) => {
    const before = pem.listeners[name] as ListenerPem;
    return { ...pem, listeners: { ...pem.listeners, [name]: { ...before, ...change(before) } } };
  };
}
