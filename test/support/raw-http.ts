import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens on a port of its own until the test has finished. */
export async function portOf(server: Server): Promise<number> {
  const accepted = new Set<Socket>();
  server.on('connection', (socket: Socket) => accepted.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of accepted) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A connection on which the test says what bytes go out. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes and reads all that comes back until the other side ends the connection. */
export async function exchanged(port: number, bytes: string): Promise<string> {
  const socket = await dial(port);
  socket.write(bytes, 'latin1');
  return readToEnd(socket);
}

export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1');
  return text;
}
