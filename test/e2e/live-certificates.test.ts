import { once } from 'node:events';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readPemFiles } from '../../src/compose/pem-files.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';
import { type Running, running } from '../support/running.ts';
import { scratch } from '../support/scratch.ts';
import { topologyOf } from '../support/topology.ts';
import { issue } from '../support/x509.ts';

const root = issue({ subject: 'root', ca: true });
/** The common name says which one it is. */
const version = (number: number) => issue({ subject: `v${number}`, names: ['shop.example.com'], by: root });

/** One request on a connection of its own; the name of the certificate that was shown for it. */
async function visit(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'shop.example.com', ca: root.cert });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.write('GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`it got ${text}`);
  return String(subject.CN);
}

/** Visits without a pause, several at a time, until it is stopped; says how many there were, and what went wrong. */
function load(port: number, clients: number) {
  const failures: unknown[] = [];
  let [visits, stopped] = [0, false];
  const client = async () => {
    while (!stopped) {
      await visit(port).catch((error: unknown) => failures.push(error));
      visits += 1;
    }
  };
  const all = Array.from({ length: clients }, client);
  const stop = async () => {
    stopped = true;
    await Promise.all(all);
    return { visits, failures };
  };
  onTestFinished(() => void stop());
  return stop;
}

const yaml = (port: number, pair: string, workers = 1) => `version: 1
edge: { id: test, region: aws/us-east-1, workers: ${workers}, drain: 0s, listeners: [{ name: x, listen: "127.0.0.1:0", tls: { ${pair} } }] }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }] } }
`;

test('a certificate that changes 100 times under load fails no handshake, and each is shown from then on', {
  timeout: 120_000,
}, async () => {
  const folder = scratch();
  const origin = await startOrigin('x');
  const text = yaml(origin.port, folder.writePair('c', version(0)));
  const rig = await startRig(text);
  const topology = topologyOf(text);
  const stop = load(rig.port, 2);
  for (let number = 1; number <= 100; number += 1) {
    folder.writePair('c', version(number));
    const { listeners } = await readPemFiles(topology);
    const { placement } = rig;
    rig.edge.deploy({
      topology,
      placement,
      addresses: {},
      authorities: {},
      clientPairs: {},
      listenerPem: listeners,
      ticketKeys: undefined,
    });
    expect(await visit(rig.port)).toBe(`v${number}`);
  }
  const { visits, failures } = await stop();
  expect(failures).toEqual([]);
  expect(visits).toBeGreaterThan(10);
});

/** Files as Kubernetes mounts a secret: a link to a link, of which the second is swapped. */
function mounted() {
  const { path } = scratch();
  const put = (number: number, key?: string) => {
    const made = version(number);
    mkdirSync(join(path, `..${number}`));
    writeFileSync(join(path, `..${number}`, 'tls.crt'), made.cert);
    writeFileSync(join(path, `..${number}`, 'tls.key'), key ?? made.key);
    symlinkSync(`..${number}`, join(path, '..data_tmp'));
    renameSync(join(path, '..data_tmp'), join(path, '..data'));
  };
  put(0);
  for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, join(path, name));
  return { put, pair: `cert: ${join(path, 'tls.crt')}, key: ${join(path, 'tls.key')}` };
}

/** Each of several threads has some of the visits. */
const shown = async (edge: Running) =>
  new Set(await Promise.all(Array.from({ length: 12 }, () => visit(edge.edge.port))));

test('files that are swapped are taken by every thread without a reload, under load, and what is bad is not', {
  timeout: 120_000,
}, async () => {
  const secret = mounted();
  const origin = await startOrigin('x');
  const edge = await running(yaml(origin.port, secret.pair, 2));
  expect(await shown(edge)).toEqual(new Set(['v0']));
  const stop = load(edge.edge.port, 2);
  for (let number = 1; number <= CHANGES; number += 1) {
    secret.put(number);
    await vi.waitFor(async () => expect(await shown(edge)).toEqual(new Set([`v${number}`])), 10_000);
  }
  secret.put(1000, issue().key);
  const refused = () => edge.events.filter(({ type }) => type === 'certificate-refused');
  await vi.waitFor(() => expect(refused()).toHaveLength(1), 10_000);
  expect(await shown(edge)).toEqual(new Set([`v${CHANGES}`]));
  const { visits, failures } = await stop();
  expect([failures, visits > 0]).toEqual([[], true]);
  expect(edge.events.filter(({ type }) => type === 'certificate-changed')).toHaveLength(CHANGES);
  expect(edge.events.filter(({ type }) => type === 'reloaded')).toEqual([]);
});

const CHANGES = 4;
