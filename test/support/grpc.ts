import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';

const BYTES = {
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
  originalName: '',
};

/** A service whose messages are bytes, with a method of each kind. */
const SERVICE = {
  one: { ...BYTES, path: '/test.Calls/One', requestStream: false, responseStream: false },
  collect: { ...BYTES, path: '/test.Calls/Collect', requestStream: true, responseStream: false },
  list: { ...BYTES, path: '/test.Calls/List', requestStream: false, responseStream: true },
  talk: { ...BYTES, path: '/test.Calls/Talk', requestStream: true, responseStream: true },
} satisfies ServiceDefinition;

export type Handlers = {
  readonly one: handleUnaryCall<Buffer, Buffer>;
  readonly collect: handleClientStreamingCall<Buffer, Buffer>;
  readonly list: handleServerStreamingCall<Buffer, Buffer>;
  readonly talk: handleBidiStreamingCall<Buffer, Buffer>;
};

/** What a server does unless a test says otherwise: it says again what it is told. */
const ECHO: Handlers = {
  one: (call, answer) => answer(null, call.request),
  collect: (call, answer) => {
    const pieces: Buffer[] = [];
    call.on('data', (piece: Buffer) => pieces.push(piece));
    call.on('end', () => answer(null, Buffer.concat(pieces)));
  },
  list: (call) => {
    for (let i = 0; i < call.request.length; i += 1) call.write(call.request.subarray(i, i + 1));
    call.end();
  },
  talk: (call) => {
    call.on('data', (piece: Buffer) => void call.write(piece));
    call.on('end', () => call.end());
  },
};

export type GrpcServer = {
  readonly port: number;
  /** It takes no more calls and resolves when those that it has have ended. */
  readonly shutdown: () => Promise<void>;
  /** It is gone at once, with whatever it was doing. */
  readonly kill: () => void;
};

/** A server of grpc-js on loopback, without TLS. Ends with the test. */
export async function startGrpcServer(handlers: Partial<Handlers> = {}): Promise<GrpcServer> {
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(SERVICE, { ...ECHO, ...handlers });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return {
    port,
    shutdown: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
    kill: () => server.forceShutdown(),
  };
}

/** A call as it went: its answer or its error, and what was said beside. */
export type Called = {
  readonly code: status;
  readonly details: string;
  readonly answer: Buffer | undefined;
  readonly metadata: Metadata | undefined;
  readonly trailers: Metadata;
};

type Raw = Client & {
  one(
    request: Buffer,
    metadata: Metadata,
    options: { readonly deadline?: number },
    done: (error: ServiceError | null, answer?: Buffer) => void,
  ): ReturnType<Client['makeUnaryRequest']>;
  collect(
    metadata: Metadata,
    done: (error: ServiceError | null, answer?: Buffer) => void,
  ): ClientWritableStream<Buffer>;
  list(request: Buffer, metadata?: Metadata): ClientReadableStream<Buffer>;
  talk(metadata?: Metadata, options?: { readonly deadline?: number }): ClientDuplexStream<Buffer, Buffer>;
};

export type GrpcClient = Raw & {
  /** Makes one call and waits for its end. */
  readonly call: (
    request: Buffer,
    given?: { readonly metadata?: Metadata; readonly deadlineMs?: number },
  ) => Promise<Called>;
};

/** A client of grpc-js with one connection of its own, which makes no call again by itself. Ends with the test. */
export function startGrpcClient(port: number, ca?: string): GrpcClient {
  const Calls = makeGenericClientConstructor(SERVICE, 'Calls');
  const how = ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
  const client = new Calls(`localhost:${port}`, how, {
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  }) as unknown as Raw;
  onTestFinished(() => client.close());
  const call: GrpcClient['call'] = (request, { metadata = new Metadata(), deadlineMs } = {}) =>
    new Promise((resolve) => {
      let said: Metadata | undefined;
      let result: { readonly error: ServiceError | null; readonly answer?: Buffer | undefined } | undefined;
      const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
      const running = client.one(request, metadata, options, (error, answer) => {
        result = { error, answer };
      });
      running.on('metadata', (fields: Metadata) => {
        said = fields;
      });
      // Comes last, whatever became of the call.
      running.on('status', ({ code, details, metadata: trailers }) => {
        setImmediate(() => resolve({ code, details, answer: result?.answer, metadata: said, trailers }));
      });
    });
  return Object.assign(client, { call });
}

export { Metadata, status };
