import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BareRig, startBareRig } from '../support/bare-rig.ts';
import { makeCertificates } from '../support/certificates.ts';

/** Keeps what has to be undone when the tests are over; the last is undone first. */
export type AtEnd = (run: () => unknown) => unknown;

/** An origin that answers as the checks expect it, after the body of each request; returns its port. */
export async function startOrigin(atEnd: AtEnd): Promise<number> {
  const origin = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end('some bytes of body'));
  }).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  atEnd(() => {
    origin.closeAllConnections();
    origin.close();
  });
  return (origin.address() as AddressInfo).port;
}

/** Both ways to HTTP/2: an edge with TLS, whose authority is `ca`, and one that is spoken to with prior knowledge. */
export type Edges = { readonly tls: BareRig; readonly plain: BareRig; readonly ca: string };

/** Edges before the origin of this port. */
export async function startEdges(originPort: number, atEnd: AtEnd): Promise<Edges> {
  const certificates = makeCertificates(atEnd);
  const tls = await startBareRig(yamlOf('listen: "127.0.0.1:0"', originPort), { tls: certificates });
  atEnd(() => tls.stop());
  const plain = await startBareRig(yamlOf('listeners: [{ listen: "127.0.0.1:0", http2: h2c }]', originPort));
  atEnd(() => plain.stop());
  return { tls, plain, ca: certificates.ca };
}

function yamlOf(edge: string, originPort: number): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, ${edge} }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${originPort}" }] } }
`;
}
