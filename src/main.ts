#!/usr/bin/env node
// Compiled, this file is the command, in one with the one that it imports. Any Node since 12.17 has to be able to read it, to say that such a Node
// is too old; and it is all that a container's health check runs, every few seconds beside the edge: a second module would cost that 3 MB. So
// it imports nothing else at once.
import { plainListenIn } from './main/plain-listen.ts';

/** The first release that has SQLite without a flag. */
const NODE_MIN = { major: 22, minor: 13 };
/** As long as the command `healthcheck` waits. */
const PROBE_MS = 2000;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN.major || (major === NODE_MIN.major && minor < NODE_MIN.minor)) {
  process.stderr.write(
    `meridian: this needs Node ${NODE_MIN.major}.${NODE_MIN.minor} or newer and runs on ${process.versions.node} (${process.execPath}); install a newer one from https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else {
  const port = plainProbePort(process.argv.slice(2));
  if (port === undefined) void begin();
  else probe(port);
}

async function begin(): Promise<void> {
  if (process.argv[2] === 'start') (await import('./compose/compile-cache.ts')).keepCompiled(process.env);
  (await import('./compose/lean-http.ts')).leaveBrowserOut();
  (await import('./compose/quiet-sqlite.ts')).keepQuietAboutSqlite();
  await import('./main/command-line.ts');
}

/**
 * The port to ask when the command is `healthcheck`, alone or with `-c FILE`, and the environment or the file names no edge but one that
 * listens everywhere or on 127.0.0.1. Whatever else there is goes the long way (`main/healthcheck.ts`), and is told the same.
 */
function plainProbePort(words: readonly string[]): number | undefined {
  if (words[0] !== 'healthcheck') return undefined;
  const listen = words.length === 1 ? listenByEnvironment() : listenByFile(words);
  if (listen === undefined) return undefined;
  const match = /^(?:0\.0\.0\.0|127\.0\.0\.1)?:(\d{1,5})$/.exec(listen);
  return match === null ? undefined : Number(match[1]);
}

function listenByEnvironment(): string | undefined {
  const { MERIDIAN_ADMIN_URL: url = '', MERIDIAN_ADMIN_LISTEN: listen = '' } = process.env;
  if (url !== '') return undefined;
  return listen === '' ? ':9901' : listen;
}

function listenByFile([, option = '', file = '', ...more]: readonly string[]): string | undefined {
  const inOne = /^--config=(.+)$/.exec(option);
  const isPlain = inOne === null ? /^(?:-c|--config)$/.test(option) && more.length === 0 : file === '';
  return isPlain ? plainListenIn(inOne === null ? file : (inOne[1] as string), process.env) : undefined;
}

function probe(port: number): void {
  const { writeSync } = process.getBuiltinModule('node:fs');
  const url = `http://127.0.0.1:${port}/readyz`;
  let text = '';
  const socket = process.getBuiltinModule('node:net').connect({ host: '127.0.0.1', port });
  socket.setTimeout(PROBE_MS, () => socket.destroy(new Error(`no answer within ${PROBE_MS / 1000} s`)));
  socket.on('data', (part) => (text += String(part)));
  socket.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
  socket.on('end', () => {
    const match = /^HTTP\/1\.[01] (\d{3})[^]*?\r\n\r\n([^]*)$/.exec(text);
    socket.destroy();
    if (match === null) return failed('it does not speak HTTP');
    const [, status, body = ''] = match;
    const said = body.trim() === '' ? `${url} answered ${status}` : body;
    writeSync(1, said.endsWith('\n') ? said : `${said}\n`);
    process.exitCode = Number(status) >= 200 && Number(status) < 300 ? 0 : 1;
  });
  socket.write(`GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);

  function failed(why: string): void {
    writeSync(2, `meridian: ${url} does not answer (${why})\n`);
    process.exitCode = 1;
  }
}
