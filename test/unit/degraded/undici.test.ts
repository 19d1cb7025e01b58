import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadUndici, undici } from '../../../src/degraded/undici.ts';
import { readyForLadders } from '../../../src/edge/ladder/ladders.ts';
import { threeClouds } from '../../support/topology.ts';

test('it is loaded where a service has a ladder, once, and nowhere else', async () => {
  expect(() => undici()).toThrow('not loaded');
  expect(readyForLadders(threeClouds())).toBeUndefined();
  expect(() => undici()).toThrow('not loaded');
  await readyForLadders(threeClouds({ service: 'degraded: {}' }));
  expect(undici().Pool).toBeTypeOf('function');
  expect([loadUndici(), readyForLadders(threeClouds({ service: 'degraded: {}' }))]).toEqual([undefined, undefined]);
});

/** The files of the library that a process has loaded after this. */
async function loadedBy(file: string, then = ''): Promise<readonly string[]> {
  const url = new URL(`../../../src/${file}`, import.meta.url);
  const tell = "console.log(Object.keys(require('node:module')._cache).join('\\n'))";
  const script = `import(${JSON.stringify(url.href)}).then(async (loaded) => { ${then}; ${tell}; })`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: fileURLToPath(new URL('.', url)),
  });
  return stdout.split('\n').filter((path) => path.includes('/undici/'));
}

test.each([
  ['degraded/undici.ts', 'await loaded.loadUndici()'],
  ['health/undici.ts', ''],
])('of the library %s loads what is used, and not the web’s own way to ask', async (file, then) => {
  const loaded = await loadedBy(file, then);
  expect(loaded.filter((path) => path.endsWith('/dispatcher/client.js'))).toHaveLength(1);
  expect(loaded.filter((path) => path.includes('/lib/web/'))).toEqual([]);
});
