import { once } from 'node:events';
import * as http2 from 'node:http2';
import { onTestFinished } from 'vitest';
import type { Rig, RigOptions } from './bare-rig.ts';
import { makeCertificates } from './certificates.ts';
import { connectRaw, type RawClient, startRaw } from './h2-raw.ts';
import { startRig } from './rig.ts';

/** An edge with TLS, and how clients reach it by HTTP/2. */
export type H2Rig = Rig & {
  readonly ca: string;
  /** A connection of node:http2. */
  readonly connect: () => http2.ClientHttp2Session;
  /** A connection that says what it is told to. */
  readonly raw: (...pairs: readonly (readonly [number, number])[]) => RawClient;
  /** One that has said nothing yet. */
  readonly silent: () => RawClient;
};

export async function startH2Rig(yaml: string, options: RigOptions = {}): Promise<H2Rig> {
  const certificates = makeCertificates();
  const rig = await startRig(yaml, { ...options, tls: certificates });
  const { ca } = certificates;
  return {
    ...rig,
    ca,
    connect: () => {
      const session = http2.connect(`https://localhost:${rig.port}`, { ca });
      session.on('error', () => {});
      onTestFinished(() => session.destroy());
      return session;
    },
    raw: (...pairs) => startRaw(rig.port, ca, ...pairs),
    silent: () => connectRaw(rig.port, ca),
  };
}

export function h2Yaml(ports: readonly number[], service = '', edge = ''): string {
  const where = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'];
  const endpoints = ports.map((port, i) => `      - { cloud: ${where[i]}, url: "http://127.0.0.1:${port}" }`);
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", ${edge} }
services:
  shop:
${service}
    endpoints:
${endpoints.join('\n')}
`;
}

export type H2Answer = {
  readonly status: number;
  readonly headers: http2.IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly interim: readonly number[];
};

/** Asks by node:http2 and waits for the whole answer. */
export async function askH2(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders = {},
  body?: string | Buffer,
): Promise<H2Answer> {
  const stream = session.request({ ':path': '/', ...headers }, { endStream: body === undefined });
  let trailers: http2.IncomingHttpHeaders = {};
  const interim: number[] = [];
  stream.on('trailers', (fields: http2.IncomingHttpHeaders) => {
    trailers = fields;
  });
  stream.on('headers', (fields: http2.IncomingHttpHeaders) => interim.push(Number(fields[':status'])));
  if (body !== undefined) stream.end(body);
  const [answer] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return {
    status: Number(answer[':status']),
    headers: answer,
    body: Buffer.concat(chunks).toString('latin1'),
    trailers,
    interim,
  };
}
