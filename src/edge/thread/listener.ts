import type { ListenAddress } from '../../config/topology-listener.ts';
import { LoopDelay } from '../../table/loop-delay.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';
import type { OpenTunnels } from '../tunnel/open-tunnels.ts';
import type { Door } from './door.ts';
import type { Gate } from './gate.ts';

/** All listeners of a thread and their connections, from the first to the last. */
export type Listener = {
  /** True once connections should be closed after the answer they are now busy with. */
  readonly draining: boolean;
  /** One address for each door, in their order. Rejects when one cannot be had. Resolves with the ports. */
  readonly listen: (addresses: readonly ListenAddress[], reusePort: boolean) => Promise<readonly number[]>;
  /** From now on every answer closes its connection. New connections are still taken. */
  readonly startDraining: () => void;
  /** Takes no more connections; resolves when the last one has gone. */
  readonly stop: () => Promise<void>;
  /**
   * Cuts off whatever is left. WebSockets get a Close before, and have a moment to answer it; resolves when all is
   * cut off.
   */
  readonly cut: () => Promise<void>;
  /** Writes what changes with time into the thread's block. */
  readonly writeLevels: () => void;
};

export type ListenerParts = {
  readonly doors: readonly Pick<Door, 'listen' | 'stop'>[];
  readonly tunnels: OpenTunnels;
  readonly block: WorkerBlock;
  /** Closes the connections of every front that carry no request. */
  readonly closeIdle: () => void;
  /** The front for HTTP/2, which counts its connections by itself. */
  readonly http2?: { readonly writeLevels: (block: WorkerBlock) => void };
  readonly gate: Pick<Gate, 'open' | 'handshaking' | 'cut'>;
};

/** Makes the listeners of a thread one thing; nothing listens before `listen`. */
export function listener({ doors, closeIdle, tunnels, block, gate, http2 }: ListenerParts): Listener {
  const delay = new LoopDelay();
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    listen: (addresses, reusePort) =>
      Promise.all(doors.map((door, i) => door.listen(addresses[i] as ListenAddress, reusePort))),
    startDraining: () => {
      draining = true;
    },
    stop: async () => {
      draining = true;
      const stopped = doors.map((door) => door.stop());
      closeIdle();
      await Promise.all(stopped);
    },
    cut: async () => {
      await tunnels.sayGoodbye();
      gate.cut();
      delay.close();
    },
    writeLevels: () => {
      block.connections[0] = gate.open;
      block.handshakes[0] = gate.handshaking;
      const { p50Ms, p99Ms } = delay.read();
      block.loopLagMs[0] = p99Ms;
      block.loopLateMs[0] = p50Ms;
      http2?.writeLevels(block);
      // A connection that went idle after its last answer would wait for the client to use it again.
      if (draining) closeIdle();
    },
  };
}
