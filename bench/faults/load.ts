import { Agent, request } from 'node:http';

/** How one request went. Times are ms since the load began. */
export type Ended = {
  readonly method: 'GET' | 'POST';
  readonly id: string;
  /** When it was due, whether or not the client was late with it. */
  readonly dueMs: number;
  /** From when it was due to the end of the answer. */
  readonly tookMs: number;
  /** 200 and a whole body, or what happened instead. */
  readonly result: string;
};

export type LoadSpec = {
  readonly port: number;
  readonly getsPerSecond: number;
  readonly postsPerSecond: number;
  readonly seconds: number;
};

/** A request that takes longer has failed, whatever comes after. */
export const TIMEOUT_MS = 10_000;
export const OK = '200';

const TICK_MS = 5;
const GET_BYTES = 1000;
const POST_BODY = 'x'.repeat(100);

/**
 * Requests at a steady rate over keep-alive connections, sent when they are due however the ones before are doing: what
 * an endpoint delays is therefore seen by every request that it delays. Resolves when all have ended.
 */
export async function runLoad(spec: LoadSpec): Promise<readonly Ended[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const startMs = performance.now();
  const running: Promise<Ended>[] = [];
  const streams = [
    { method: 'GET', perSecond: spec.getsPerSecond, sent: 0 },
    { method: 'POST', perSecond: spec.postsPerSecond, sent: 0 },
  ] as const satisfies readonly { method: Ended['method']; perSecond: number; sent: number }[];
  const sent = new Map<string, number>();
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    const nowMs = performance.now() - startMs;
    for (const { method, perSecond } of streams) {
      const total = Math.round(perSecond * spec.seconds);
      let next = sent.get(method) ?? 0;
      for (; next < total && (next * 1000) / perSecond <= nowMs; next += 1) {
        const dueMs = (next * 1000) / perSecond;
        running.push(one({ agent, port: spec.port, startMs }, { method, dueMs, id: `${method}-${next}` }));
      }
      sent.set(method, next);
    }
    if (nowMs >= spec.seconds * 1000) resolve();
  }, TICK_MS);
  await over;
  clearInterval(timer);
  const ended = await Promise.all(running);
  agent.destroy();
  return ended;
}

function one(
  at: { readonly agent: Agent; readonly port: number; readonly startMs: number },
  what: Pick<Ended, 'method' | 'dueMs' | 'id'>,
): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const end = (result: string): void => {
    clearTimeout(timer);
    resolve({ ...what, tookMs: performance.now() - at.startMs - what.dueMs, result });
  };
  const isPost = what.method === 'POST';
  const sent = request(
    {
      agent: at.agent,
      host: '127.0.0.1',
      port: at.port,
      method: what.method,
      path: isPost ? '/' : `/bytes/${GET_BYTES}`,
      headers: { 'X-Id': what.id, ...(isPost ? { 'Content-Length': POST_BODY.length } : {}) },
    },
    (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('error', (error) => end(`body: ${error.message}`));
      answer.on('end', () => {
        const whole = isPost || bytes === GET_BYTES;
        end(answer.statusCode === 200 && !whole ? 'short body' : String(answer.statusCode));
      });
    },
  );
  const timer = setTimeout(() => {
    end('timeout');
    sent.destroy();
  }, timeoutMs(isPost));
  sent.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  sent.end(isPost ? POST_BODY : undefined);
  return promise;
}

/** A POST that hangs is not sent again, so it is given the time that the edge gives it. */
function timeoutMs(isPost: boolean): number {
  return isPost ? TIMEOUT_MS * 2 : TIMEOUT_MS;
}
