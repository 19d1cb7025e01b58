import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { namedFileFaults } from '../../../src/compose/named-files.ts';
import { pathText } from '../../../src/config/problem.ts';
import { threeClouds } from '../../support/topology.ts';
import { AUTHORITY, CERTIFICATE, KEY } from '../health/certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-named-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const file = (name: string, text: string) => {
  writeFileSync(at(name), text);
  return at(name);
};
const [cert, key, ca] = [file('cert.pem', CERTIFICATE), file('key.pem', KEY), file('ca.pem', AUTHORITY)];
const pipe = at('pipe');
execFileSync('mkfifo', [pipe]);

const faults = async (top: string, service = '') =>
  (await namedFileFaults(threeClouds({ top, service }), Date.now())).map(
    ({ path, message }) => `${pathText(path)}: ${message}`,
  );
const edge = (certFile: string, keyFile: string) =>
  `edge: { id: e, region: aws/us-east-1, tls: { cert: ${certFile}, key: ${keyFile} } }`;
const cache = (path: string) => `degraded: { cache: { store: sqlite, path: ${path} } }`;

test('files that are there and good are no fault, and nothing is written', async () => {
  const top = `${edge(cert, key)}\nalerts: { state: ${at('new/folders/alerts.json')} }`;
  expect(await faults(top, `tls: { ca: ${ca} }\n${cache(at('copies.db'))}`)).toEqual([]);
  expect([existsSync(at('new')), existsSync(at('copies.db'))]).toEqual([false, false]);
});

test('every file that is not is reported, at its key, all at once', async () => {
  const top = `${edge(at('no.pem'), pipe)}\ngeo: { database: ${at('no.mmdb')} }\nalerts: { state: ${folder} }`;
  expect(await faults(top, `tls: { ca: /dev/zero }\n${cache(at('none/copies.db'))}`)).toEqual([
    expect.stringMatching(/^edge\.tls\.cert: .*no\.pem cannot be read \(ENOENT\)/),
    expect.stringMatching(/^edge\.tls\.key: .*pipe cannot be read: it is a device or a pipe/),
    expect.stringMatching(/^services\.shop\.tls\.ca: \/dev\/zero cannot be read: it is a device or a pipe/),
    expect.stringMatching(/^geo\.database: The geo database .*no\.mmdb cannot be read \(ENOENT\)/),
    expect.stringMatching(/^alerts\.state: .* cannot be written: it is a directory/),
    expect.stringMatching(
      /^services\.shop\.degraded\.cache\.path: .* cannot be written: there is no folder .*none; make it/,
    ),
  ]);
});

test('a key that is another certificate’s, a database that is a pipe or none', async () => {
  expect(await faults(edge(ca, key))).toEqual([expect.stringMatching(/^edge\.tls: .* cannot be used: /)]);
  expect(await faults(`geo: { database: ${pipe} }`)).toEqual([expect.stringContaining('is not a file')]);
  expect(await faults(`geo: { database: ${cert} }`)).toEqual([expect.stringContaining('not a MaxMind-format')]);
});

test('files that a fleet names are looked at: authorities of stores, and the folder of a database', async () => {
  const redis = `edge: { id: e, region: aws/us-east-1 }
fleet: { store: redis, region: a, regions: { a: { url: "rediss://h", ca: ${at('no.pem')} } } }`;
  expect(await faults(redis)).toEqual([expect.stringMatching(/^fleet\.regions\.a\.ca: .*ENOENT/)]);
  expect(await faults(`fleet: { store: sqlite, path: ${at('none/fleet.db')} }`)).toEqual([
    expect.stringMatching(/^fleet\.path: .*there is no folder/),
  ]);
  mkdirSync(at('there'));
  expect(await faults(`fleet: { store: sqlite, path: ${at('there/fleet.db')} }`)).toEqual([]);
});

test('where certificates that the edge obtains are kept, who vouches for the authority, and a name that is given already', async () => {
  const acme = (keys: string, given = '') =>
    `edge: { id: e, region: aws/us-east-1, tls: { ${given} acme: { domains: [shop.test], agree_to_terms: true, ${keys} } } }`;
  // None of them is there yet, and that is no fault.
  expect(await faults(acme(`folder: ${at('new/acme')}, directory_ca: ${ca}`))).toEqual([]);
  expect(existsSync(at('new'))).toBe(false);
  expect(await faults(acme(`folder: ${cert}, directory_ca: ${at('no.pem')}`))).toEqual([
    expect.stringMatching(/^edge\.tls\.acme\.directory_ca: .*no\.pem cannot be read \(ENOENT\)/),
    expect.stringMatching(/^edge\.tls\.acme\.folder: .*cert\.pem cannot be written: /),
  ]);
  expect(await faults(acme(`folder: ${at('new')}`, `cert: ${cert}, key: ${key},`))).toEqual([
    expect.stringMatching(
      /^edge\.tls\.acme\.domains\[0\]: is a name of a certificate that is given by files, .*; remove one/,
    ),
  ]);
});
