import type { Event } from '../../table/event.ts';

/** The place of an error of our own in what is done for one client's connection. */
export const CONNECTION = 'connection';

/** An error of our own in the callbacks of one connection, which is ended for it and no other one. */
export function connectionBug(error: unknown): Event {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: 'bug', where: CONNECTION, count: 1, error: text };
}
