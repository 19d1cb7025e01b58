import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPemFiles } from '../../../src/compose/pem-files.ts';
import { threeClouds } from '../../support/topology.ts';
import { AUTHORITY, CERTIFICATE, KEY } from '../health/certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-pem-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const cert = file('cert.pem', CERTIFICATE);
const key = file('key.pem', KEY);
const ca = file('ca.pem', AUTHORITY);

const edge = (certFile: string, keyFile: string) =>
  threeClouds({ top: `edge: { id: e, region: aws/us-east-1, tls: { cert: ${certFile}, key: ${keyFile} } }` });

test('a file without paths needs nothing', async () => {
  expect(await readPemFiles(threeClouds())).toEqual({
    listeners: {},
    authorities: {},
    clientPairs: {},
    fleetAuthorities: {},
  });
});

test('what is named is read', async () => {
  const { listeners } = await readPemFiles(edge(cert, key));
  expect(listeners).toEqual({
    '0.0.0.0:8080': {
      certificates: [{ cert: CERTIFICATE, key: KEY, names: ['shop.test'], keyType: 'ec' }],
      clientCa: undefined,
    },
  });
  const { authorities } = await readPemFiles(threeClouds({ service: `tls: { ca: ${ca} }` }));
  expect(authorities).toEqual({ shop: AUTHORITY });
});

test('the authorities of a fleet are by its regions', async () => {
  const fleet = (path: string) => `edge: { id: e, region: aws/us-east-1 }
fleet: { store: redis, region: a, regions: { a: { url: "rediss://h", ca: ${path} }, b: { url: redis://i } } }`;
  expect((await readPemFiles(threeClouds({ top: fleet(ca) }))).fleetAuthorities).toEqual({ a: AUTHORITY });
  await expect(readPemFiles(threeClouds({ top: fleet(key) }))).rejects.toThrow(
    /^fleet\.regions\.a\.ca: .*key\.pem cannot be used: it holds no certificate$/,
  );
});

test('a file that is not there is reported, with its key', async () => {
  await expect(readPemFiles(edge(join(folder, 'none.pem'), key))).rejects.toThrow(
    /^edge\.tls\.cert: .*none\.pem cannot be read \(ENOENT\); check the path and its permissions$/,
  );
  await expect(readPemFiles(threeClouds({ service: `tls: { ca: ${folder} }` }))).rejects.toThrow(
    /^services\.shop\.tls\.ca: .* cannot be read \(EISDIR\)/,
  );
});

test('a file in another format is reported', async () => {
  const der = file('cert.der', '\x30\x82\x01\x00');
  await expect(readPemFiles(edge(der, key))).rejects.toThrow(/^edge\.tls\.cert: .* is not in PEM format; convert it/);
});

test.each([
  ['a damaged certificate', CERTIFICATE.replace('MIIB', 'AAAA'), KEY],
  ['a damaged key', CERTIFICATE, KEY.replace('MIGH', 'AAAA')],
  ['a key of another certificate', AUTHORITY, KEY],
])('%s is reported', async (_, certText, keyText) => {
  const [one, other] = [file('one.pem', certText), file('other.pem', keyText)];
  await expect(readPemFiles(edge(one, other))).rejects.toThrow(
    /^edge\.tls: .*one\.pem and .*other\.pem cannot be used: /,
  );
});

test.each([
  ['a damaged authority', AUTHORITY.replace('MIIB', 'AAAA')],
  ['a good one before a damaged one', AUTHORITY + CERTIFICATE.replace('MIIB', 'AAAA')],
  ['a key', KEY],
])('%s for an authority is reported', async (_, text) => {
  const damaged = file('damaged.pem', text);
  await expect(readPemFiles(threeClouds({ service: `tls: { ca: ${damaged} }` }))).rejects.toThrow(
    /^services\.shop\.tls\.ca: .*damaged\.pem cannot be used: /,
  );
});
