/*
 * A regional origin, as a process of its own: `origin.ts [--ports 0,0,0] [--ids FILE] [--slow] [--delay MS]`. It tells
 * its ports to its parent. A slow one rests while it takes a large body; a delay comes before every answer.
 *
 *   GET  /healthz    200
 *   GET  /bytes/N    N bytes with a length
 *   POST /           takes a body whole and answers with its size; a request with X-Id is written to FILE before the answer
 */
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const ready = new Map<number, Buffer>();
const READY_BYTES_MAX = 1024 * 1024;

/** A slow origin rests this long after every so many bytes. */
const REST_MS = 5;
const REST_EVERY_BYTES = 8 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    ports: { type: 'string', default: '0' },
    ids: { type: 'string' },
    slow: { type: 'boolean' },
    delay: { type: 'string', default: '0' },
  },
});
const delayMs = Number(values.delay);
const ports = await Promise.all(values.ports.split(',').map((port) => listen(Number(port))));
process.send?.(ports);

function listen(port: number): Promise<number> {
  const server = createServer((request, response) => {
    if (request.method === 'POST') take(request, response);
    else later(() => give(request, response));
  });
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve) => {
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => resolve((server.address() as AddressInfo).port));
  });
}

function later(answer: () => void): void {
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
}

function give(request: IncomingMessage, response: ServerResponse): void {
  const bytes = Number(request.url?.slice('/bytes/'.length) ?? 0) || 2;
  if (bytes > READY_BYTES_MAX) return stream(response, bytes);
  let body = ready.get(bytes);
  if (body === undefined) ready.set(bytes, (body = Buffer.alloc(bytes, 'x')));
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
  response.end(body);
}

function take(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  let restAt = values.slow === true ? REST_EVERY_BYTES : Number.POSITIVE_INFINITY;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes < restAt) return;
    restAt += REST_EVERY_BYTES;
    request.pause();
    setTimeout(() => request.resume(), REST_MS);
  });
  request.on('end', () => {
    const id = request.headers['x-id'];
    // Executed now, and answered later: an origin that is killed in between has done it and could not say so.
    if (values.ids !== undefined && id !== undefined) appendFileSync(values.ids, `${String(id)}\n`);
    const body = String(bytes);
    later(() => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
      response.end(body);
    });
  });
}

function stream(response: ServerResponse, bytes: number): void {
  let left = bytes;
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
  const write = (): void => {
    while (left > 0) {
      const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
      left -= chunk.length;
      if (!response.write(chunk)) return;
    }
    response.off('drain', write);
    response.end();
  };
  response.on('drain', write);
  write();
}
