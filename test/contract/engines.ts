import { existsSync } from 'node:fs';

/** The switch `edge.accelerator`: with it off, Fastify has every request. */
export const ENGINES = ['on', 'off'] as const;
export type Engine = (typeof ENGINES)[number];

/** Whether there is an engine that the switch could turn on. While there is none, `on` is Fastify as well. */
export const HAS_WIRE = existsSync(new URL('../../src/edge/wire', import.meta.url));
