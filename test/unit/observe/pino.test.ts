import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, read, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/observe/pino.ts';
import { LineRing } from '../../../src/table/line-ring.ts';
import { RECORD } from './record.ts';

const readSome = promisify(read);

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-log-'));
  file = join(folder, 'log');
  writeFileSync(file, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log into a file that is open already, so that it can be flushed at once. */
function logOf(options: Partial<LogOptions> = {}) {
  const destination = openSync(file, 'a');
  return createLog({ level: 'info', access: true, thread: 'edge-0', destination, ...options });
}

function lines(): readonly Record<string, unknown>[] {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an event is one line of JSON with level, time, thread, words and its own fields', async () => {
  const log = logOf();
  log.event({ type: 'panic', service: 'shop', count: 2 });
  await log.flush();
  const [line, ...more] = lines();
  expect(more).toEqual([]);
  expect(line).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    thread: 'edge-0',
    event: 'panic',
    service: 'shop',
    count: 2,
    msg: '2 requests of shop went to an endpoint that is down: nothing else was left',
  });
  expect(Math.abs(Date.parse(String(line?.['time'])) - Date.now())).toBeLessThan(60_000);
});

test('what an operator has said is a line with one level, which is how grave it is', async () => {
  const log = logOf();
  const said = { kind: 'weight', scope: 'gcp', status: 'in-force', level: 0.1, untilMs: null, actor: 'ann' } as const;
  log.event({ type: 'override-changed', ...said, reason: 'why', edge: 'iad-1' });
  await log.flush();
  expect(readFileSync(file, 'utf8').match(/"level":/g)).toHaveLength(1);
  expect(lines()[0]).toMatchObject({ level: 'warn', event: 'override-changed', kind: 'weight', value: 0.1 });
});

test('a request is one line, whatever a client puts into it', async () => {
  const log = logOf();
  log.access({ ...RECORD, host: 'a"\n{}\u2028\ud800' });
  log.access(RECORD);
  await log.flush();
  expect(lines()).toHaveLength(2);
  expect(Object.keys(lines()[0] ?? {}).slice(0, 4)).toEqual(['level', 'time', 'thread', 'msg']);
  expect(lines()[0]).toMatchObject({ level: 'info', thread: 'edge-0', msg: 'request', host: 'a"\n{}\u2028\ud800' });
  expect(lines()[1]).toMatchObject({ status: 200, endpoint: 'shop/gcp/europe-west1/b:80', path: '/cart' });
});

test.each([
  [{ level: 'warn' }, ['warn', 'error', 'info'], true],
  [{ level: 'error' }, ['error', 'info'], true],
  [{ level: 'warn', access: false }, ['warn', 'error'], false],
  [{ level: 'silent' }, [], false],
  [{ level: 'debug' }, ['info', 'warn', 'error', 'info'], true],
  [{ access: false }, ['info', 'warn', 'error'], false],
] as const)('with %o only these lines are written: %j', async (options, levels, wantsAccess) => {
  const log = logOf(options);
  log.info('one', { a: 1 });
  log.warn('two');
  log.error('three');
  log.access(RECORD);
  await log.flush();
  expect(log.wantsAccess).toBe(wantsAccess);
  expect(lines().map(({ level }) => level)).toEqual(levels);
});

test('a path that does not exist yet is made, and written to in the end', async () => {
  file = join(folder, 'new');
  const log = createLog({ level: 'info', access: true, thread: 't', destination: file });
  log.info('hello');
  await log.flush();
  expect(readFileSync(file, 'utf8')).toContain('"msg":"hello"');
});

test('when nobody reads, lines are dropped and counted, and nobody waits', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const fd = openSync(fifo, 'r+');
  const log = createLog({ level: 'info', access: true, thread: 't', destination: fd, bufferBytesMax: 65_536 });
  const count = 2000;
  for (let i = 0; i < count; i += 1) log.info('x'.repeat(200), { i });
  const dropped = log.dropped();
  expect(dropped).toBeGreaterThan(0);
  expect(dropped).toBeLessThan(count);
  // Whatever was not dropped comes out whole and in order once somebody reads.
  const out: string[] = [];
  const chunk = Buffer.alloc(1 << 16);
  while (out.join('').split('\n').length - 1 < count - dropped) {
    const { bytesRead } = await readSome(fd, chunk, 0, chunk.length, null);
    out.push(chunk.toString('utf8', 0, bytesRead));
  }
  const numbers = out
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { i: number }).i);
  expect(numbers).toHaveLength(count - dropped);
  expect(numbers.every((i, at) => at === 0 || i > numbers[at - 1]!)).toBe(true);
  closeSync(fd);
});

test('a reader that has gone ends neither the process nor the counting', async () => {
  const program = `
    import { createLog } from ${JSON.stringify(new URL('../../../src/observe/pino.ts', import.meta.url).href)};
    const log = createLog({ level: 'info', access: true, thread: 't' });
    const timer = setInterval(() => {
      log.info('x'.repeat(1000));
      if (log.dropped() === 0) return;
      clearInterval(timer);
      process.stderr.write('dropped and alive');
    }, 1);
  `;
  const piped = `"$0" --input-type=module -e "$1" 2>&3 3>&- | true`;
  const out = execFileSync('bash', ['-c', `exec 3>&1; ${piped}`, process.execPath, program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(out).toBe('dropped and alive');
});

const HREF = new URL('../../../src/observe/pino.ts', import.meta.url).href;
const NUMBERS = Array.from({ length: 500 }, (_, i) => i);

/** A program that logs 500 lines and ends at once. `destination` is source text. */
const logging = (destination: string) => `
  const { createLog } = await import(${JSON.stringify(HREF)});
  const log = createLog({ level: 'info', access: true, thread: 't', destination: ${destination} });
  for (let i = 0; i < ${NUMBERS.length}; i += 1) log.info('line', { i });
  process.exit(0);
`;

test('what has not been written when the process ends is written then', () => {
  const program = `const { openSync } = await import('node:fs'); ${logging(`openSync(${JSON.stringify(file)}, 'a')`)}`;
  execFileSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(lines().map(({ i }) => i)).toEqual(NUMBERS);
});

test('the log of the control thread writes the lines of others, whole and in their order', async () => {
  const log = logOf({ thread: 'control' });
  const ring = LineRing.create();
  log.carry(ring);
  const other = createLog({ level: 'info', access: true, thread: 't', destination: (line) => void ring.write(line) });
  for (const i of NUMBERS) {
    if (i % 2 === 0) other.info('line', { i });
    else other.access({ ...RECORD, requestId: String(i) });
  }
  log.announced();
  await expect.poll(() => lines().length).toBe(NUMBERS.length);
  expect(lines().map(({ i, id }) => i ?? Number(id))).toEqual(NUMBERS);
  expect(lines().every(({ thread }) => thread === 't')).toBe(true);
});

test('what another thread has left in its ring is written when the process ends', () => {
  const program = `
    const { openSync } = await import('node:fs');
    const { createLog } = await import(${JSON.stringify(HREF)});
    const { LineRing } = await import(${JSON.stringify(new URL('../../../src/table/line-ring.ts', import.meta.url).href)});
    const log = createLog({ level: 'info', access: true, thread: 't', destination: openSync(${JSON.stringify(file)}, 'a') });
    const ring = LineRing.create();
    log.carry(ring);
    for (let i = 0; i < 500; i += 1) ring.write(JSON.stringify({ i }) + '\\n');
    process.exit(0);
  `;
  writeFileSync(file, '');
  execFileSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(lines().map(({ i }) => i)).toEqual(NUMBERS);
});

test('lines are written together: many at a time, soon, and whole', async () => {
  const log = logOf();
  for (let i = 0; i < 1000; i += 1) log.access(RECORD);
  await expect.poll(() => lines().length).toBe(1000);
  log.info('last');
  await log.flush();
  expect(lines().at(-1)).toMatchObject({ msg: 'last' });
});
