import { createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { handshakeOn, secureServer } from '../../../../src/edge/thread/secure-server.ts';
import { shown } from '../../../support/listener.ts';
import { portOf } from '../../../support/raw-http.ts';
import { CERTIFICATE, KEY } from '../../health/certificate.ts';

async function serving(before: (socket: Socket, go: () => void) => void = (_, go) => go()) {
  const server = secureServer(shown({ cert: CERTIFICATE, key: KEY }), {
    protocols: ['http/1.1'],
    refused: () => {},
    secured: (raw, socket) => socket.end(`${raw.remotePort === socket.remotePort}`),
  });
  return portOf(createServer((socket) => before(socket, () => handshakeOn(server, socket))));
}

async function read(port: number, options: object = {}): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  onTestFinished(() => void socket.destroy());
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test('a handshake that is complete tells of both connections', async () => {
  expect(await read(await serving())).toBe('true');
});

test('nothing older than TLS 1.2 is spoken', async () => {
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' };
  await expect(read(await serving(), old)).rejects.toThrow(/protocol version|alert/i);
});

test('what was read of the connection before and put back is a part of the handshake', async () => {
  const port = await serving((socket, go) => {
    socket.once('readable', () => {
      socket.unshift(socket.read() as Buffer);
      go();
    });
  });
  expect(await read(port)).toBe('true');
});
