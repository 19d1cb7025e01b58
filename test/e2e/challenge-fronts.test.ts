import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { proofCertificate } from '../../src/acme/proof-certificate.ts';
import type { Challenges } from '../../src/table/challenges.ts';
import { ask } from '../support/client.ts';
import { askH2, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

// Challenges of an authority, where test/contract does not come: over HTTP/2, at a listener that redirects, and in TLS handshakes.

const PATH = '/.well-known/acme-challenge';
const NAME = 'shop.example.com';
const OPEN: Challenges = {
  tokens: new Map([['tok-1', 'tok-1.thumb']]),
  certificates: new Map([[NAME, proofCertificate(NAME, 'tok-1.thumb', Date.now())]]),
};

test('over HTTP/2 a token that is open is answered, and no other', async () => {
  const origin = await startOrigin('the origin');
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const session = rig.connect();
  const body = async (target: string) => (await askH2(session, { ':path': target })).body;
  const before = await body(`${PATH}/tok-1`);
  rig.edge.setChallenges(OPEN);
  expect(await body(`${PATH}/tok-1`)).toBe('tok-1.thumb');
  expect(await body(`${PATH}/tok-2`)).toBe(before);
  rig.edge.setChallenges(undefined);
  expect(await body(`${PATH}/tok-1`)).toBe(before);
});

test('a listener that redirects answers one that is open, and redirects the rest', async () => {
  const origin = await startOrigin('x');
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listeners: [{ listen: "127.0.0.1:0", redirect: https }] }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }] } }
`);
  rig.edge.setChallenges(OPEN);
  const asked = (target: string) => ask(rig.port, { path: target, headers: { host: NAME } });
  expect(await asked(`${PATH}/tok-1`)).toMatchObject({ status: 200, body: 'tok-1.thumb' });
  expect(await asked(`${PATH}/tok-2`)).toMatchObject({ status: 301 });
});

/** A handshake as an authority makes it (RFC 8737 §3). */
async function proved(port: number, servername: string, ALPNProtocols = ['acme-tls/1']): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername, ALPNProtocols, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}

test('in a handshake for acme-tls/1 the certificate of the proof is shown, and the connection ends', async () => {
  const origin = await startOrigin('x');
  const rig = await startH2Rig(h2Yaml([origin.port]));
  await expect(proved(rig.port, NAME)).rejects.toThrow(/no application protocol|ECONNRESET|disconnected/i);
  rig.edge.setChallenges(OPEN);
  const socket = await proved(rig.port, NAME);
  expect(socket.alpnProtocol).toBe('acme-tls/1');
  expect(socket.getPeerX509Certificate()?.toString()).toBe(OPEN.certificates.get(NAME)?.cert);
  socket.resume();
  await once(socket, 'close');
  // Whoever asks for anything else at that name is served as ever; another name has no proof.
  const other = await proved(rig.port, NAME, ['http/1.1']);
  expect(other.getPeerCertificate().subject.CN).toBe('localhost');
  other.destroy();
  await expect(proved(rig.port, 'other.example.com')).rejects.toThrow(
    /no application protocol|ECONNRESET|disconnected/i,
  );
  rig.edge.flush();
  // The two that were refused, and not the one that was proved.
  const dropped = rig.events.flatMap((event) => (event.type === 'connections-dropped' ? [event.count] : []));
  expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(2);
});
