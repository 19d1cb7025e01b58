import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes into package-lock.json the packages for other platforms that npm has left out. npm drops an optional package
 * that the registry at hand does not carry, and `npm ci` then refuses the lock everywhere ("Missing: … from lock file").
 * Their versions are exact in the package that wants them, and their platform is in their name. Such an entry has no
 * integrity; the next `npm install` against a registry that carries the package adds it. Run after `npm install`:
 * `npm run lock`.
 */
const LOCK = new URL('../package-lock.json', import.meta.url);

type Entry = {
  version?: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  license?: string;
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The entry of a platform package; undefined when its name or version does not say enough. */
function entryFor(name: string, version: string, parent: Entry): Entry | undefined {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) return undefined;
  const libc = /musl/.test(name) ? 'musl' : 'glibc';
  return {
    version,
    cpu: [cpu],
    ...(parent.dev === true ? { dev: true } : {}),
    ...(os === 'linux' && /musl|gnu/.test(name) ? { libc: [libc] } : {}),
    ...(parent.license === undefined ? {} : { license: parent.license }),
    optional: true,
    os: [os],
  };
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as Lock;
const before = Object.keys(lock.packages).length;
for (const [where, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (`${where}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages) continue;
    const entry = entryFor(name, version, parent);
    if (entry === undefined) throw new Error(`${where} wants ${name}@${version}, which names no platform`);
    lock.packages[`node_modules/${name}`] = entry;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`${sorted.length - before} platform packages added to package-lock.json`);
