import { expect, test } from 'vitest';
import { adminListenOf } from '../../../src/main/listen-in-file.ts';
import { temporaryFolder } from '../../support/process.ts';

test.each([
  ['admin: { listen: "127.0.0.1:9" }', '127.0.0.1:9'],
  ['admin:\n  listen: ${AT:-127.0.0.1:8}', '127.0.0.1:8'],
  ['admin:\n  listen: ${PORT}:7', 'x:7'],
  ['admin: {}', undefined],
  ['services: {}', undefined],
  ['[]', undefined],
])('%j listens on %s', async (text, listen) => {
  expect(await adminListenOf(temporaryFolder().write('a.yaml', text), { PORT: 'x' })).toBe(listen);
});

test('what cannot be read is said', async () => {
  const { path, write } = temporaryFolder();
  await expect(adminListenOf(`${path}/none.yaml`, {})).rejects.toThrow(/none\.yaml cannot be read/);
  await expect(adminListenOf(write('bad.yaml', 'a: ['), {})).rejects.toThrow(/is no YAML; meridian validate/);
  await expect(adminListenOf(write('b.yaml', 'admin: { listen: "${NONE}" }'), {})).rejects.toThrow(
    /admin\.listen needs the environment variable NONE/,
  );
});
