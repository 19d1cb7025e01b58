import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { PREFACE } from './frame-grammar.ts';

/** A request that node:http2 takes from a client's bytes, and has heard to its end. */
export type Judged = { readonly id: number; readonly method: string; readonly path: string; readonly body: string };

/** `alive`: the connection was good to the end, so that nothing more than this may be taken from it. */
export type Judgement = { readonly requests: readonly Judged[]; readonly alive: boolean };

/** What node:http2 makes of the bytes of a client. */
type H2Judge = { readonly judge: (bytes: Buffer) => Promise<Judgement>; readonly stop: () => void };

/** The PING that each case ends with: all before it has been read once it is answered. */
export const END = Buffer.from('the end.');
const ACK = `\0\0\x08\x06\x01\0\0\0\0${END.toString()}`;
/** A connection that neither answers nor ends for so long is in the middle of a frame that does not end. */
const QUIET_MS = 6000;

/** The preface, and then the frames as one reads them who believes their lengths. */
function framesOf(bytes: Buffer): Buffer[] {
  const frames = [bytes.subarray(0, PREFACE.length)];
  for (let at = PREFACE.length; at < bytes.length; ) {
    const end = at + 9 > bytes.length ? bytes.length : at + 9 + bytes.readUIntBE(at, 3);
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

export async function startH2Judge(): Promise<H2Judge> {
  const server = createServer({ maxHeaderListPairs: 4096, maxSessionInvalidFrames: 1_000_000 });
  const heard = new Map<number, Judged[]>();
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (given, headers) => {
    const stream = given as ServerHttp2Stream;
    const port = stream.session?.socket.remotePort ?? 0;
    let body = '';
    stream.setEncoding('latin1');
    stream.on('error', () => {});
    let taken = false;
    const take = (): void => {
      if (taken) return;
      taken = true;
      const id = stream.id as number;
      heard.get(port)?.push({ id, method: String(headers[':method']), path: String(headers[':path']), body });
    };
    stream.on('data', (text: string) => {
      body += text;
      // In HTTP/1.1 a request is whole with the last byte that it has announced, whether its stream has ended or not.
      if (headers['content-length'] === String(body.length)) take();
    });
    stream.on('end', () => {
      if (stream.aborted) return;
      take();
      if (!stream.destroyed && !stream.headersSent) stream.respond({ ':status': 200 }, { endStream: true });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const judge = async (bytes: Buffer): Promise<Judgement> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    const requests: Judged[] = [];
    heard.set(socket.localPort as number, requests);
    const own = socket.localPort as number;
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, QUIET_MS);
    let text = '';
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.includes(ACK)) over.resolve();
    });
    socket.on('close', () => over.resolve());
    // Frame by frame: an error takes away what came with it, also of streams that had ended.
    for (const frame of framesOf(bytes)) {
      if (socket.writable) socket.write(frame);
      for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    await over.promise;
    clearTimeout(timer);
    // Streams tell of their end a turn or two later.
    for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
    heard.delete(own);
    socket.destroy();
    return { requests, alive: text.includes(ACK) };
  };
  return { judge, stop: () => void server.close() };
}
