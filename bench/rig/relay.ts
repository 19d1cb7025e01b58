import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A way to a server on loopback that can be broken. `swallow` is a network that drops everything: what goes in does not
 * come out, nobody is told, and a connection that lived through it is dead for good, as after a router has forgotten it.
 */
export class Relay {
  readonly #server: Server;
  readonly #to: number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #mode: 'open' | 'swallow' | 'refuse' = 'open';
  #delayMs = 0;
  #bytes = 0;

  private constructor(to: number) {
    this.#to = to;
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async start(to: number): Promise<Relay> {
    const relay = new Relay(to);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Bytes that have gone through, both ways. */
  get bytes(): number {
    return this.#bytes;
  }

  swallow(): void {
    this.#mode = 'swallow';
    // Dead for good: nobody reads on, and nothing is passed on any more.
    for (const pair of this.#pairs) for (const socket of pair) socket.removeAllListeners('data').resume();
  }

  /** Every connection breaks, and no new one is taken. */
  cut(): void {
    this.#mode = 'refuse';
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  heal(): void {
    this.#mode = 'open';
    this.#delayMs = 0;
  }

  async end(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.#mode === 'refuse') {
      client.destroy();
      return;
    }
    if (this.#mode === 'swallow') {
      client.resume();
      this.#pairs.add([client, client]);
      return;
    }
    const upstream = connect(this.#to, '127.0.0.1');
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    this.#pass(client, upstream);
    this.#pass(upstream, client);
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
  }

  #pass(from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (bytes: Buffer) => {
      this.#bytes += bytes.length;
      if (this.#delayMs === 0) to.write(bytes);
      else setTimeout(() => to.write(bytes), this.#delayMs);
    });
  }
}
