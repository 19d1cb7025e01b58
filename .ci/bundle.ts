import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Plugin, rolldown } from 'rolldown';

/*
 * Makes `dist/` of the sources and of the libraries that they use: JavaScript in a few files, without types and comments. A start opens
 * ten files instead of seven hundred, and takes a third less CPU time (docs/decisions/0068-a-package-of-a-few-files.md). Names and lines stay as they are, so that
 * the stack of an error can be read.
 *
 *   node .ci/bundle.ts [--to FOLDER]
 */

/**
 * What Fastify loads for schemas and for requests that nobody sends is left out (no route here has a schema): it would be a
 * third of what each thread holds of these files.
 */
const UNUSED = /^(?:@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/;
const leaveOut: Plugin = {
  name: 'leave-out',
  resolveId: (id) => (UNUSED.test(id) ? `\0${id}` : undefined),
  load: (id) => (id.startsWith('\0') && UNUSED.test(id.slice(1)) ? 'throw new Error("not in this build");' : undefined),
};

/**
 * A single character beyond Latin-1 makes V8 hold the whole file as two bytes a character, in each thread. All of them are in strings, where an
 * escape means the same.
 */
const asciiOnly: Plugin = { name: 'ascii-only', renderChunk: (code) => escaped(code) };

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { to: { type: 'string', default: join(ROOT, 'dist') } } });

rmSync(values.to, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: ROOT,
  // An edge thread's first file lies beside the chunk that starts it (compose/edge-stock.ts), all chunks as deep as sources do.
  input: { main: 'src/main.ts', 'chunks/edge-entry': 'src/compose/edge-entry.ts' },
  platform: 'node',
  external: [/^node:/],
  logLevel: 'warn',
  plugins: [leaveOut, asciiOnly],
});
const { output } = await bundle.write({
  dir: values.to,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  minify: false,
  comments: false,
});
const libraries = librariesOf(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
writeFileSync(join(values.to, 'LIBRARIES.txt'), noticesOf(libraries));

/** The folders of the packages that these modules are from, by their names. */
function librariesOf(modules: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const module of modules) {
    const at = module.lastIndexOf(`${sep}node_modules${sep}`);
    if (at === -1) continue;
    const [scope = '', name = ''] = module.slice(at + `${sep}node_modules${sep}`.length).split(sep);
    const library = scope.startsWith('@') ? `${scope}/${name}` : scope;
    found.set(library, join(module.slice(0, at), 'node_modules', library));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the licences of libraries want to be handed on with them. */
function noticesOf(of: ReadonlyMap<string, string>): string {
  return [...of].map(([name, folder]) => noticeOf(name, folder)).join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(name: string, folder: string): string {
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  return `${name} ${version}: ${license}\n\n${licenceIn(folder) ?? ''}`;
}

function licenceIn(folder: string): string | undefined {
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'License', 'LICENCE', 'LICENSE-MIT']) {
    try {
      return readFileSync(join(folder, file), 'utf8');
    } catch {
      // It has another name.
    }
  }
  return undefined;
}

/** Throws where a character stands behind a backslash, or in a template whose raw text somebody reads: there an escape would mean something else. */
function escaped(code: string): string {
  const unsafe = /\\[^\0-\x7F]|\.raw`[^`]*[^\0-\x7F]/.exec(code);
  if (unsafe !== null) throw new Error(`cannot be escaped: ${unsafe[0]}`);
  return code.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
