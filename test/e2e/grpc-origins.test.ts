import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, test, vi } from 'vitest';
import { startH2Origin } from '../support/h2-origin.ts';
import { startRig } from '../support/rig.ts';
import { dialRaw } from '../support/wire/raw-client.ts';

const CALL =
  'POST /shop.Orders/Give HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\nTE: trailers\r\nConnection: TE\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0';

/** Says nothing but that a call has ended so. */
function only(status: string) {
  return (stream: ServerHttp2Stream): void =>
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status }, { endStream: true });
}

/** A message, and then how the call has ended. */
function behind(status: string) {
  return (stream: ServerHttp2Stream): void => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
    stream.end(Buffer.alloc(5));
  };
}

describe.each(['on', 'off'])('gRPC, accelerator %s', (engine) => {
  async function stage(...answers: readonly ((stream: ServerHttp2Stream) => void)[]) {
    const origins = await Promise.all(answers.map((answer) => startH2Origin({ answer })));
    const places = ['aws, region: us-east-1', 'gcp, region: europe-west1'];
    const endpoints = origins.map(
      ({ port }, i) => `      - { cloud: ${places[i]}, url: "http://127.0.0.1:${port}", protocol: h2c }`,
    );
    const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
services:
  shop:
    endpoints:
${endpoints.join('\n')}
`);
    const client = await dialRaw(rig.port, ['POST']);
    client.write(CALL);
    await client.answered(1);
    await vi.waitFor(() => expect(rig.records).toHaveLength(1));
    return { answer: client.answers[0]!, origins, record: rig.records[0]! };
  }

  test('a call that ends well is a success, with its status behind its messages', async () => {
    const { answer, record } = await stage(behind('0'));
    expect(answer.trailers).toEqual(['grpc-status', '0']);
    expect(record).toMatchObject({ status: 200, attempts: [{ outcome: 'success' }] });
  });

  test.each([
    ['13', 500],
    ['14', 503],
    ['4', 504],
  ])('status %s behind a message counts as %i, and the call is not made again', async (status, meant) => {
    const { answer, record, origins } = await stage(behind(status), behind('0'));
    expect(answer.start).toBe('HTTP/1.1 200 OK');
    expect(answer.trailers).toEqual(['grpc-status', status]);
    expect(record).toMatchObject({ status: meant, attempts: [{ outcome: 'error-status' }] });
    expect(origins[1]!.requests).toHaveLength(0);
  });

  test('a status that is the caller’s own is no failure', async () => {
    const { record } = await stage(only('5'), only('0'));
    expect(record).toMatchObject({ status: 200, attempts: [{ outcome: 'success' }] });
  });

  test('what an endpoint says it could not begin is asked of another one', async () => {
    const { answer, record } = await stage(only('14'), behind('0'));
    expect(answer.trailers).toEqual(['grpc-status', '0']);
    expect(record).toMatchObject({
      status: 200,
      attempts: [{ outcome: 'error-status', status: 503 }, { outcome: 'success' }],
    });
  });

  test('any other failure is not, since the call may have been made', async () => {
    const { record, origins } = await stage(only('13'), behind('0'));
    expect(record).toMatchObject({ status: 500, attempts: [{ outcome: 'error-status' }] });
    expect(origins[1]!.requests).toHaveLength(0);
  });
});
