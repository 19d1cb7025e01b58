import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startProgram } from './programs.ts';

/** A page of a browser, driven over its DevTools protocol. */
export type Page = {
  /** Runs an expression in the page, and waits for what it promises. */
  readonly run: (expression: string) => Promise<unknown>;
};

const START_MS_MAX = 20_000;

/** Opens a page in a headless Chromium of its own, which believes any certificate. Ends with the test. */
export async function openPage(url: string): Promise<Page> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-chromium-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const { output } = startProgram('chromium', [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--ignore-certificate-errors',
    '--remote-debugging-port=0',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]);
  const address = await vi.waitFor(
    () => {
      const found = /DevTools listening on (ws:\S+)/.exec(output())?.[1];
      if (found === undefined) throw new Error(`chromium did not start: ${output().slice(0, 500)}`);
      return found;
    },
    { timeout: START_MS_MAX, interval: 50 },
  );
  const socket = new WebSocket(address);
  onTestFinished(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const say = conversation(socket);
  const { targetId } = await say<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await say<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  await say('Page.enable', {}, sessionId);
  await say('Page.navigate', { url }, sessionId);
  const run = async (expression: string): Promise<unknown> => {
    const order = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await say<Evaluated>('Runtime.evaluate', order, sessionId);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 500));
    return result.value;
  };
  // The page is there once its own address is.
  await vi.waitFor(
    async () => {
      const where = await run('document.readyState + location.origin');
      if (where !== `complete${new URL(url).origin}`) throw new Error(`the page is ${String(where)}`);
    },
    { timeout: START_MS_MAX, interval: 50 },
  );
  return { run };
}

type Evaluated = { readonly result: { readonly value: unknown }; readonly exceptionDetails?: unknown };
type Reply = { readonly id?: number; readonly result?: unknown; readonly error?: { readonly message: string } };

/** Calls of the protocol, each of which is answered by its number. */
function conversation(socket: WebSocket) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  socket.on('message', (data: Buffer) => {
    const { id = 0, result, error } = JSON.parse(data.toString()) as Reply;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  });
  return <T>(method: string, params: object, sessionId?: string): Promise<T> => {
    last += 1;
    const call = Promise.withResolvers<unknown>();
    waiting.set(last, call);
    socket.send(JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return call.promise as Promise<T>;
  };
}
