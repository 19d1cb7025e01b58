import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../test/support/free-ports.ts';

export type RedisOptions = { readonly durable?: boolean; readonly args?: readonly string[]; readonly port?: number };

/** A redis-server of its own on loopback, with a folder of its own. Whoever starts it ends it. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'meridian-redis-'));
  readonly #options: RedisOptions;
  #child: ChildProcess | undefined;

  private constructor(port: number, options: RedisOptions) {
    this.port = port;
    this.#options = options;
  }

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    // Between finding a port free and listening there, somebody else may have taken it.
    for (let tries = 0; options.port === undefined && tries < 4; tries += 1) {
      const server = new RedisServer(await freePorts(1), options);
      const problem = await server.restart().catch((error: Error) => error);
      if (problem === undefined) return server;
      await server.end();
    }
    const server = new RedisServer(options.port ?? (await freePorts(1)), options);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on its port, with what it had if it is durable. Resolves when it answers. */
  async restart(): Promise<void> {
    await this.kill();
    const { durable = false, args = [] } = this.#options;
    const own = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--dir',
      this.#folder,
      '--save',
      '',
      '--daemonize',
      'no',
    ];
    const kept = ['--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'always', '--loglevel', 'warning'];
    this.#child = spawn('redis-server', [...own, ...kept, ...args], { stdio: 'ignore' });
    const { pid } = this.#child;
    for (let tries = 0; !(await answers(this.port, pid)); tries += 1) {
      if (tries > 500 || this.#child.exitCode !== null) throw new Error('redis-server did not start');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Hangs: connections stay, and nothing answers. */
  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whether it is this very process that answers: where the port is another server's, ours ends, and that one would be taken for it. */
function answers(port: number, pid: number | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => socket.write('INFO\r\n'));
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (piece: string) => {
    text += piece;
    // What it has on the disk is read after it begins to listen.
    if (text.includes('-NOAUTH')) done(true);
    else if (/\nloading:[01]\r/.test(text))
      done(text.includes(`process_id:${pid}\r`) && text.includes('\nloading:0\r'));
  });
  socket.once('close', () => done(false));
  socket.once('error', () => done(false));
  return promise;

  function done(answered: boolean): void {
    socket.destroy();
    resolve(answered);
  }
}
