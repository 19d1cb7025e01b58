import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { runToEnd, temporaryFolder } from '../support/process.ts';
import { freePort, lacks } from '../support/programs.ts';

// Where a command runs: its terminal, its disk, and who answers where an edge should.

const exec = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test.skipIf(process.platform !== 'linux')('output that a disk has no room for is no success', async () => {
  const command = `"${process.execPath}" "${MAIN}" schema > /dev/full`;
  await expect(exec('sh', ['-c', command])).rejects.toMatchObject({
    code: 1,
    stderr: 'meridian: the output cannot be written (ENOSPC)\n',
  });
});

test('a reader that goes, such as head, ends nothing', async () => {
  const { stdout, stderr } = await exec('sh', ['-c', `"${process.execPath}" "${MAIN}" schema | head -1`]);
  expect([stdout, stderr]).toEqual(['{\n', '']);
});

test('where something else answers, a health check and a command say so', async () => {
  const origin = await startOrigin('x', (_, response) => {
    response.statusCode = 404;
    response.end();
  });
  const url = `http://127.0.0.1:${origin.port}`;
  const said = { code: 1, out: `${url}/readyz answered 404\n`, err: '' };
  expect(await runToEnd(['healthcheck', '--admin', url])).toMatchObject(said);
  expect(await runToEnd(['healthcheck'], { MERIDIAN_ADMIN_LISTEN: `127.0.0.1:${origin.port}` })).toMatchObject(said);
  const { err } = await runToEnd(['reload', '--admin', url]);
  expect(err).toBe(`meridian: ${url}/reload answered 404: is that the admin port of an edge?\n`);
});

test('where nobody answers, a command says why', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, err } = await runToEnd(['status', '--admin', url]);
  expect([code, err]).toEqual([
    1,
    `meridian: no edge answers on ${url}; is it running? (connection refused; the address is admin.listen of the file, or --admin)\n`,
  ]);
});

test('start takes its file with -c or alone, and one only', async () => {
  const file = temporaryFolder().write('bad.yaml', 'version: 2\n');
  const alone = await runToEnd(['start', file]);
  expect(alone).toEqual(await runToEnd(['start', '-c', file]));
  expect(alone.err).toContain(`${file}:1:10 version: must be 1`);
  expect(await runToEnd(['start', file, file])).toMatchObject({ code: 2 });
  expect(await runToEnd(['start', '-c', file, file])).toMatchObject({ code: 2 });
});

/** Runs a command in a terminal, types this once the words are there, and prints what the terminal showed and the exit code. */
const TERMINAL = `
import os, pty, select, sys
words, typed, command = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0: os.execvp(command[0], command)
shown = b''
while True:
    try: part = os.read(terminal, 65536)
    except OSError: break
    if not part: break
    shown += part
    if typed and words.encode() in shown:
        os.write(terminal, typed.encode())
        typed = ''
print(shown.decode())
print('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

test.skipIf(lacks('python3')).each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at a question of init leaves nothing behind', async (_, key) => {
  const file = `${temporaryFolder().path}/new.yaml`;
  const init = [process.execPath, MAIN, 'init', '--to', file];
  const { stdout } = await exec('python3', ['-c', TERMINAL, 'Where clients connect', key, ...init]);
  expect(stdout).toMatch(/\r\nmeridian: nothing is written\r\n\nexit 1\n$/);
  expect(await runToEnd(['validate', file])).toMatchObject({ code: 1 });
});
