import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const LEAN = new URL('../../../src/compose/lean-http.ts', import.meta.url).href;
const LOADED = `process.moduleLoadList.filter((name) => name.includes('deps/undici')).length`;

/** What a program of its own prints. */
function said(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).trim();
}

test('node:http is imported without the undici of the runtime, and has its classes still', () => {
  const lean = `(await import('${LEAN}')).leaveBrowserOut();`;
  const imported = `const { createServer } = await import('node:http');`;
  expect(said(`${lean} ${imported} console.log(typeof createServer, ${LOADED});`)).toBe('function 0');
  const asked = `console.log(typeof process.getBuiltinModule('node:http').WebSocket);`;
  expect(said(`${lean} ${imported} ${asked}`)).toBe('function');
});
