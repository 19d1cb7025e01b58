import type { Fault } from './kind.ts';
import { type Path, pathText } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { rawOwners } from './raw-endpoints.ts';
import { realPath } from './real-path.ts';

/** A file that the configuration names: where, what it is there, and what it should have of its own. */
type Named = {
  readonly at: Path;
  readonly path: string;
  readonly whose: string;
  /** Who needs a file of its own; undefined when it is only read. */
  readonly writer: string | undefined;
};

/** SQLite keeps these beside a database. */
const BESIDE = ['', '-wal', '-shm', '-journal'];

/**
 * No file is written by two, and none is read as something else than what is written into it: the configuration itself, `ownPath`,
 * neither.
 */
export function fileFaults(root: Mapping, ownPath: string): readonly Fault[] {
  const own = { at: [], path: ownPath, whose: 'this configuration', writer: undefined };
  const takenBy = new Map<string, Named>([[realPath(ownPath), own]]);
  const faults: Fault[] = [];
  for (const named of namedFiles(root)) {
    const paths = named.writer === undefined ? [realPath(named.path)] : withBeside(named);
    const other = paths.map((path) => takenBy.get(path)).find((one) => one !== undefined);
    for (const path of paths) if (!takenBy.has(path)) takenBy.set(path, named);
    if (other === undefined || (other.writer === undefined && named.writer === undefined)) continue;
    const writer = named.writer ?? other.writer;
    faults.push({ path: named.at, message: `is the file of ${other.whose} already; give ${writer} its own` });
  }
  return faults;
}

function withBeside({ path }: Named): readonly string[] {
  const real = realPath(path);
  return BESIDE.map((end) => real + end);
}

/** In the order in which files are taken: what is only read comes first. */
function namedFiles(root: Mapping): readonly Named[] {
  const services = Object.entries(asMapping(root['services'])).map(
    ([name, service]) => [name, asMapping(service)] as const,
  );
  const edge = asMapping(root['edge']);
  const { database } = asMapping(root['geo']);
  const read = [
    ...listenerFiles(edge['tls'], ['edge', 'tls']),
    ...asList(edge['listeners']).flatMap((one, i) =>
      listenerFiles(asMapping(one)['tls'], ['edge', 'listeners', i, 'tls']),
    ),
    file(['geo', 'database'], database === 'builtin' ? undefined : database),
    ...rawOwners(root).flatMap(({ path, block }) => [
      ...originFiles(block['tls'], [...path, 'tls']),
      ...asList(block['endpoints']).flatMap((one, i) =>
        originFiles(asMapping(one)['tls'], [...path, 'endpoints', i, 'tls']),
      ),
    ]),
    ...Object.entries(asMapping(asMapping(root['fleet'])['regions'])).map(([name, region]) =>
      file(['fleet', 'regions', name, 'ca'], asMapping(region)['ca']),
    ),
  ];
  const written = [
    ...services.map(([name, service]) => {
      const { path } = asMapping(asMapping(service['degraded'])['cache']);
      const named = file(['services', name, 'degraded', 'cache', 'path'], path, 'each service');
      return named && { ...named, whose: `services.${name}` };
    }),
    file(['fleet', 'path'], asMapping(root['fleet'])['path'], 'the fleet'),
    file(['alerts', 'state'], asMapping(root['alerts'])['state'], 'the alerts'),
  ];
  return [...read, ...written].filter((named) => named !== undefined);
}

function listenerFiles(value: unknown, at: Path): readonly (Named | undefined)[] {
  const tls = asMapping(value);
  const authority = file([...at, 'acme', 'directory_ca'], asMapping(tls['acme'])['directory_ca']);
  const pairs = asList(tls['certificates']).flatMap((one, i) =>
    ['cert', 'key'].map((key) => file([...at, 'certificates', i, key], asMapping(one)[key])),
  );
  return [...['cert', 'key', 'client_ca'].map((key) => file([...at, key], tls[key])), ...pairs, authority];
}

/** What is shown to endpoints, and whom they are trusted by. */
function originFiles(value: unknown, at: Path): readonly (Named | undefined)[] {
  const tls = asMapping(value);
  return ['ca', 'cert', 'key'].map((key) => file([...at, key], tls[key]));
}

function file(at: Path, value: unknown, writer?: string): Named | undefined {
  const path = asText(value);
  return path === undefined || path.trim() === '' ? undefined : { at, path, whose: pathText(at), writer };
}
