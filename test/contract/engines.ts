import { existsSync } from 'node:fs';

/** The switch `edge.accelerator`: with it off, Fastify has every request. */
export const ENGINES = ['on', 'off'] as const;
export type Engine = (typeof ENGINES)[number];

/** Whether there is an engine that the switch could turn on. While there is none, `on` is Fastify as well. */
export const HAS_WIRE = existsSync(new URL('../../src/edge/wire', import.meta.url));

/** One way through the edge: what its clients speak, which engine has their requests, and what its origins speak. */
export type Front = {
  readonly name: string;
  readonly engine: Engine;
  readonly client: Protocol;
  readonly origin: Protocol;
};

export type Protocol = 'HTTP/1.1' | 'HTTP/2';

const front = (name: string, engine: Engine, client: Protocol, origin: Protocol): Front => ({
  name,
  engine,
  client,
  origin,
});

export const WIRE: Front = front('accelerator on', 'on', 'HTTP/1.1', 'HTTP/1.1');
export const GENERAL: Front = front('accelerator off', 'off', 'HTTP/1.1', 'HTTP/1.1');

/** Every way that a scenario is played on, if it means anything there. */
export const FRONTS: readonly Front[] = [
  WIRE,
  GENERAL,
  front('clients of HTTP/2, accelerator on', 'on', 'HTTP/2', 'HTTP/1.1'),
  front('clients of HTTP/2, accelerator off', 'off', 'HTTP/2', 'HTTP/1.1'),
  front('origins of HTTP/2, accelerator on', 'on', 'HTTP/1.1', 'HTTP/2'),
  front('origins of HTTP/2, accelerator off', 'off', 'HTTP/1.1', 'HTTP/2'),
  front('HTTP/2 on both sides, accelerator on', 'on', 'HTTP/2', 'HTTP/2'),
];

/** The way of the switch alone: HTTP/1.1 on both sides. */
export function plainFront(engine: Engine): Front {
  return engine === 'on' ? WIRE : GENERAL;
}
