import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CertificateKeeper } from '../../../src/compose/certificate-keeper.ts';
import { type PemTexts, readPemFiles } from '../../../src/compose/pem-files.ts';
import type { Event } from '../../../src/table/event.ts';
import { scratch } from '../../support/scratch.ts';
import { topologyOf } from '../../support/topology.ts';
import { type Issued, issue } from '../../support/x509.ts';

const root = issue({ subject: 'root', ca: true });
const NAMES = { names: ['shop.example.com'], by: root };

/** A keeper of a listener with two certificates, authorities of clients, and those of a service. */
async function kept() {
  const folder = scratch();
  const first = issue(NAMES);
  const [a, b] = [
    folder.writePair('a', first),
    folder.writePair('b', issue({ names: ['blog.example.com'], by: root })),
  ];
  const [clients, ca] = [folder.write('clients.pem', root.cert), folder.write('ca.pem', root.cert)];
  const topology = topologyOf(`version: 1
edge: { listeners: [{ name: x, listen: ":1", tls: { ${a}, certificates: [{ ${b} }], client_ca: ${clients} } }] }
services: { shop: { tls: { ca: ${ca} }, endpoints: [{ cloud: aws, region: us-east-1, url: "https://a" }] } }`);
  const current = { topology, pem: await readPemFiles(topology) };
  const applied: PemTexts[] = [];
  const events: Event[] = [];
  const time = { passedMs: 0 };
  const keeper = new CertificateKeeper({
    current,
    wallMs: () => Date.now() + time.passedMs,
    emit: (event) => events.push(event),
    apply: (pem) => {
      applied.push(pem);
      current.pem = pem;
    },
  });
  const put = ({ cert, key }: Pick<Issued, 'cert' | 'key'>) => {
    folder.write('a.pem', cert);
    folder.write('a.key', key);
  };
  return { folder, keeper, current, applied, events, put, first, time };
}

test('what has not changed is left alone', async () => {
  const { keeper, applied, events, folder } = await kept();
  expect(keeper.files()).toEqual(
    ['a.pem', 'a.key', 'b.pem', 'b.key', 'clients.pem', 'ca.pem'].map((name) => `${folder.path}/${name}`),
  );
  expect(await keeper.look()).toBe(false);
  expect([applied, events]).toEqual([[], []]);
});

test('a new pair is taken, told of once, and the other stays', async () => {
  const { keeper, current, events, put, folder } = await kept();
  const other = current.pem.listeners['x']?.certificates[1];
  const next = issue({ ...NAMES, to: 60 });
  put(next);
  expect(await keeper.look()).toBe(false);
  expect(current.pem.listeners['x']?.certificates[0]).toMatchObject({ cert: next.cert, key: next.key });
  expect(current.pem.listeners['x']?.certificates[1]).toBe(other);
  expect(events).toMatchObject([
    {
      type: 'certificate-changed',
      certificate: 'shop.example.com',
      file: `${folder.path}/a.pem`,
      notAfterMs: expect.any(Number) as number,
    },
  ]);
  await keeper.look();
  expect(events).toHaveLength(1);
});

test('authorities of clients and of services are taken too', async () => {
  const { keeper, current, folder } = await kept();
  const more = root.cert + issue({ subject: 'another', ca: true }).cert;
  folder.write('clients.pem', more);
  folder.write('ca.pem', more);
  await keeper.look();
  expect([current.pem.listeners['x']?.clientCa, current.pem.authorities['shop']]).toEqual([more, more]);
});

test('nothing is said of a pair that is being written, and it is taken when it is whole', async () => {
  const { keeper, folder, events, applied } = await kept();
  const next = issue(NAMES);
  folder.write('a.pem', next.cert);
  expect(await keeper.look()).toBe(true);
  expect([applied, events]).toEqual([[], []]);
  folder.write('a.key', next.key);
  expect(await keeper.look()).toBe(false);
  expect(events.map(({ type }) => type)).toEqual(['certificate-changed']);
});

const DAMAGED = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

test.each<[string, (put: (pair: Pick<Issued, 'cert' | 'key'>) => void, folder: string, first: Issued) => void, RegExp]>(
  [
    [
      'the key of another',
      (put, _, { cert }) => put({ cert, key: issue().key }),
      /a\.pem and .*a\.key cannot be used: the key is not that of the certificate of shop\.example\.com/,
    ],
    [
      'a chain that has ended',
      (put) => put(issue({ ...NAMES, from: -9, to: -1 })),
      /a\.pem and .* the certificate of shop\.example\.com ended on \d{4}-/,
    ],
    [
      'a chain that is not good yet',
      (put) => put(issue({ ...NAMES, from: 1 })),
      /a\.pem and .* the certificate of shop\.example\.com is not good before \d{4}-/,
    ],
    ['a damaged certificate', (put, _, { key }) => put({ cert: DAMAGED, key }), /a\.pem and .* cannot be used: /],
    ['an empty file', (put, _, { key }) => put({ cert: '', key }), /a\.pem is not in PEM format/],
    ['a missing file', (_, folder) => rmSync(`${folder}/a.pem`), /a\.pem cannot be read \(ENOENT\)/],
    [
      'damaged authorities of clients',
      (_, folder) => writeFileSync(`${folder}/clients.pem`, DAMAGED),
      /clients\.pem cannot be used: /,
    ],
    [
      'damaged authorities of a service',
      (_, folder) => writeFileSync(`${folder}/ca.pem`, 'x'),
      /ca\.pem is not in PEM format/,
    ],
  ],
)('%s is refused once, and what was shown stays', async (_, harm, message) => {
  const { keeper, current, events, put, folder, first } = await kept();
  const before = current.pem;
  harm(put, folder.path, first);
  expect(await keeper.look()).toBe(true);
  expect(await keeper.look()).toBe(false);
  expect(await keeper.look()).toBe(false);
  expect(current.pem).toBe(before);
  expect(events).toEqual([
    {
      type: 'certificate-refused',
      key: expect.stringMatching(/tls|client_ca|ca$/) as string,
      error: expect.stringMatching(message) as string,
    },
  ]);
  put(first);
});

test('one that is bad keeps no other from being taken, and is told of again when it is bad in another way', async () => {
  const { keeper, folder, events, current, put } = await kept();
  put({ cert: issue(NAMES).cert, key: issue().key });
  const blog = issue({ names: ['blog.example.com'], by: root, to: 90 });
  folder.write('b.pem', blog.cert);
  folder.write('b.key', blog.key);
  await keeper.look();
  await keeper.look();
  expect(current.pem.listeners['x']?.certificates[1]?.cert).toBe(blog.cert);
  put(issue({ ...NAMES, to: -1, from: -2 }));
  await keeper.look();
  await keeper.look();
  expect(events.map(({ type }) => type)).toEqual(['certificate-changed', 'certificate-refused', 'certificate-refused']);
});

test('a chain that ends while it is shown is not refused: nothing has changed', async () => {
  const { folder, current, keeper, events, put, time } = await kept();
  put(issue({ ...NAMES, to: 1 }));
  await keeper.look();
  time.passedMs = 2 * 86_400_000;
  expect(await keeper.look()).toBe(false);
  expect(events.map(({ type }) => type)).toEqual(['certificate-changed']);
  expect(current.pem.listeners['x']?.certificates).toHaveLength(2);
  expect(folder.path).not.toBe('');
});

test('what a reload has put into force meanwhile is not undone', async () => {
  const { keeper, current, applied, put } = await kept();
  put(issue(NAMES));
  const looking = keeper.look();
  current.pem = { ...current.pem };
  expect(await looking).toBe(true);
  expect(applied).toEqual([]);
  await keeper.look();
  expect(applied).toHaveLength(1);
});
