import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, test, vi } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { startH2Origin } from '../support/h2-origin.ts';
import { askH2, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { running } from '../support/running.ts';

// What endpoints say of their load, as gRPC's libraries say it, whatever front has the request and whatever the endpoint speaks.

/** cpu_utilization of 0.1, in the binary form. */
const REPORT = 'CZqZmZmZmbk/';

function yaml(port: number, edge: string, more = ''): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", ${edge} }
services:
  shop:
    routing: { load: reported }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}"${more} }]
`;
}

describe.each(['accelerator: on', 'accelerator: off'])('%s', (engine) => {
  test.each([
    ['in the head', { 'endpoint-load-metrics-bin': REPORT }, {}],
    ['in the head, as text', { 'endpoint-load-metrics': 'TEXT cpu_utilization=0.1' }, {}],
    ['behind the body', {}, { 'endpoint-load-metrics-bin': REPORT }],
    ['behind the body, as text', {}, { 'endpoint-load-metrics': 'TEXT cpu_utilization=0.1' }],
  ])('an endpoint that speaks HTTP/2 reports %s to a client over HTTP/2', async (_, head, trailers) => {
    const answer = (stream: ServerHttp2Stream): void => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...head }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-sum': '42', ...trailers }));
      stream.end(Buffer.alloc(5));
    };
    const origin = await startH2Origin({ answer });
    const rig = await startH2Rig(yaml(origin.port, engine, ', protocol: h2c'));
    const call = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
    const said = await askH2(rig.connect(), call, Buffer.alloc(5));
    expect(said.trailers).toMatchObject({ 'grpc-status': '0', 'x-sum': '42' });
    for (const fields of [said.headers, said.trailers]) {
      expect(Object.keys(fields).filter((name) => name.includes('endpoint-load'))).toEqual([]);
    }
    const row = rig.row('aws');
    expect([rig.block.loadSum[row], rig.block.loadCount[row]]).toEqual([0.1, 1]);
  });

  test('an endpoint that speaks HTTP/1.1 reports behind its chunks to a client over HTTP/2', async () => {
    const origin = await startOrigin('aws', (_, response) => {
      response.writeHead(200, { Trailer: 'X-Sum, Endpoint-Load-Metrics-Bin' });
      response.write('ok');
      response.addTrailers({ 'X-Sum': '42', 'Endpoint-Load-Metrics-Bin': REPORT });
      response.end();
    });
    const rig = await startH2Rig(yaml(origin.port, engine));
    const said = await askH2(rig.connect(), { te: 'trailers' });
    expect([said.body, said.trailers['x-sum'], said.trailers['endpoint-load-metrics-bin']]).toEqual([
      'ok',
      '42',
      undefined,
    ]);
    const row = rig.row('aws');
    expect([rig.block.loadSum[row], rig.block.loadCount[row]]).toEqual([0.1, 1]);
  });

  test('without a word in the file trailers pass as they come', async () => {
    const origin = await startOrigin('aws', (_, response) => {
      response.write('ok');
      response.addTrailers({ 'Endpoint-Load-Metrics-Bin': REPORT });
      response.end();
    });
    const rig = await startH2Rig(yaml(origin.port, engine).replace('    routing: { load: reported }\n', ''));
    const said = await askH2(rig.connect(), { te: 'trailers' });
    expect(said.trailers['endpoint-load-metrics-bin']).toBe(REPORT);
  });
});

test('health checks of gRPC are told how full the endpoint is, behind their answers', async () => {
  const serving = (stream: ServerHttp2Stream): void => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'endpoint-load-metrics-bin': REPORT }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, 1]));
  };
  const origins = await Promise.all([0, 1, 2].map(() => startH2Origin({ answer: serving })));
  const ports = origins.map(({ port }) => port) as [number, number, number];
  const file = threeCloudsYaml(
    ports,
    '    routing: { load: reported }\n',
    'admin: { listen: "127.0.0.1:0" }\nlog: { level: silent }\nhealth: { interval: 100ms, timeout: 90ms, grpc: "" }\n',
  )
    .replaceAll(/(url: "[^"]*")/g, '$1, protocol: h2c')
    .replace('edge: { id: test,', 'edge: { id: test, workers: 1, drain: 0s,');
  const { control } = await running(file);
  const rows = Object.values(control.rows.placement.rows);
  await vi.waitFor(() => {
    expect(rows.map((row) => control.table.live.state[row])).toEqual(rows.map(() => HEALTH_STATE.healthy));
    for (const row of rows) expect(control.table.live.reportedLoad[row]).toBeCloseTo(0.1, 6);
  }, 5000);
});
