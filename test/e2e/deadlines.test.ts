import { once } from 'node:events';
import { constants, type IncomingHttpHeaders } from 'node:http2';
import { describe, expect, test, vi } from 'vitest';
import { countCell } from '../../src/table/service-cells.ts';
import { startH2Origin } from '../support/h2-origin.ts';
import { askH2, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';

const CALL = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
const DEADLINE_EXCEEDED = '4';

/** What is answered to a call at once: its head, and half of a message. */
const HEAD = { ':status': 200, 'content-type': 'application/grpc' };

describe.each(['accelerator: on,', 'accelerator: off,'])('deadlines over HTTP/2, %s', (edge) => {
  async function stage(service: string, origin: { readonly port: number }) {
    const yaml = h2Yaml([origin.port], service, edge).replace(/url: "(http[^"]*)"/, 'url: "$1", protocol: h2c');
    const rig = await startH2Rig(yaml);
    return { rig, session: rig.connect() };
  }

  test('a request gets 504, a call of gRPC its own status without a message; its try is cancelled', async () => {
    const codes: number[] = [];
    const origin = await startH2Origin({
      begun: (stream) => stream.on('close', () => codes.push(stream.rstCode ?? 0)),
    });
    const { rig, session } = await stage('    timeouts: { request: 200ms }', origin);
    const plain = await askH2(session);
    expect(plain.status).toBe(504);
    expect(plain.headers['proxy-status']).toMatch(/error=http_response_timeout/);
    const called = await askH2(session, CALL, Buffer.from([0, 0, 0, 0, 0]));
    expect(called.headers).toMatchObject({
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': DEADLINE_EXCEEDED,
    });
    expect(called.body).toBe('');
    await vi.waitFor(() => expect(codes).toEqual([constants.NGHTTP2_CANCEL, constants.NGHTTP2_CANCEL]));
    expect(rig.records.map(({ status }) => status)).toEqual([504, 504]);
    expect(rig.block.services[countCell('deadline')]).toBe(2);
    expect([...rig.block.inFlight].every((count) => count === 0)).toBe(true);
  });

  test('a client may have less, which is enforced and told anew; nobody is blamed for that', async () => {
    const origin = await startH2Origin({ begun: () => {} });
    const { rig, session } = await stage('    timeouts: { request: 30s }', origin);
    const called = await askH2(session, { ...CALL, 'grpc-timeout': '150m' }, Buffer.from([0, 0, 0, 0, 0]));
    expect(called.headers['grpc-status']).toBe(DEADLINE_EXCEEDED);
    const left = /^(\d+)m$/.exec(String(origin.requests[0]?.headers['grpc-timeout']))?.[1];
    expect(Number(left)).toBeGreaterThan(0);
    expect(Number(left)).toBeLessThan(150);
    expect(rig.records[0]).toMatchObject({ status: 504, how: 'client-gone', attempts: [{ outcome: 'abandoned' }] });
  });

  test('it may not have more, and who names no time has that of the service', async () => {
    const origin = await startH2Origin({ begun: () => {} });
    const { session } = await stage('    timeouts: { request: 150ms }', origin);
    await askH2(session, { ...CALL, 'grpc-timeout': '1H' }, Buffer.from([0, 0, 0, 0, 0]));
    await askH2(session, CALL, Buffer.from([0, 0, 0, 0, 0]));
    for (const { headers } of origin.requests) {
      expect(headers['grpc-timeout']).toMatch(/^1?\d?\d(?:m)$/);
      expect(Number.parseInt(String(headers['grpc-timeout']), 10)).toBeLessThanOrEqual(150);
    }
    expect(origin.requests).toHaveLength(2);
  });

  test('a call that has begun to be answered ends with the status, what is no call with a reset', async () => {
    const origin = await startH2Origin({
      begun: (stream, { headers }) => {
        if (headers['content-type'] === undefined) stream.respond({ ':status': 200 });
        else stream.respond(HEAD);
        stream.write('half');
      },
    });
    const { rig, session } = await stage('    timeouts: { request: 200ms }', origin);
    const called = await askH2(session, CALL, Buffer.from([0, 0, 0, 0, 0]));
    expect(called).toMatchObject({ status: 200, body: 'half' });
    expect(called.trailers['grpc-status']).toBe(DEADLINE_EXCEEDED);
    const plain = session.request({ ':path': '/' }, { endStream: true });
    plain.on('error', () => {});
    plain.resume();
    await once(plain, 'close');
    expect(plain.rstCode).toBe(constants.NGHTTP2_CANCEL);
    await vi.waitFor(() => expect(rig.records).toHaveLength(2));
    expect(rig.records.map(({ how, attempts }) => [how, attempts[0]?.outcome])).toEqual([
      ['broken', 'abandoned'],
      ['broken', 'abandoned'],
    ]);
    // The connection carries on.
    expect((await askH2(session, CALL, Buffer.from([0]))).body).toBe('half');
  });

  test('a call that is still being sent ends too', async () => {
    const origin = await startH2Origin({ begun: () => {} });
    const { session } = await stage('    timeouts: { request: 200ms }', origin);
    const call = session.request({ ...CALL, ':path': '/' }, { endStream: false });
    call.on('error', () => {});
    call.write(Buffer.from([0]));
    const [head] = (await once(call, 'response')) as [IncomingHttpHeaders];
    expect(head['grpc-status']).toBe(DEADLINE_EXCEEDED);
    call.resume();
    await once(call, 'close');
  });

  test('a call that its service does not take hears so in its own words', async () => {
    const origin = await startOrigin('o');
    const rig = await startH2Rig(h2Yaml([origin.port], '    limits: { requests: 1/h }', edge));
    const session = rig.connect();
    await askH2(session);
    const called = await askH2(session, CALL, Buffer.from([0]));
    expect(called.headers).toMatchObject({ ':status': 200, 'grpc-status': '8' });
    expect(called.headers['retry-after']).toBeDefined();
  });

  test('a head with too many fields is 431, a body that stalls 408', async () => {
    const origin = await startH2Origin({ begun: () => {} });
    const { rig, session } = await stage('    limits: { fields: 4, body_pause: 150ms }', origin);
    expect((await askH2(session, { a: '1', b: '2', c: '3', d: '4', e: '5' })).status).toBe(431);
    const slow = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    slow.on('error', () => {});
    slow.write('x');
    const [head] = (await once(slow, 'response')) as [IncomingHttpHeaders];
    expect(head[':status']).toBe(408);
    await vi.waitFor(() => expect(rig.records).toHaveLength(2));
    expect(rig.records[1]).toMatchObject({ status: 408, attempts: [{ outcome: 'abandoned' }] });
  });
});
