import type { Fault } from './fault.ts';

/** The fault of something that was waited for and has not come in time, by what it was. */
export const OVERDUE = {
  connecting: { kind: 'connect-timeout', sent: 'nothing', cause: 'no connection in time' },
  uploading: { kind: 'idle-timeout', sent: 'some', cause: 'the endpoint takes no more of the request' },
  waiting: { kind: 'first-byte-timeout', sent: 'some', cause: 'no answer in time' },
  answering: { kind: 'idle-timeout', sent: 'some', cause: 'the endpoint sends no more of its answer' },
} as const satisfies Readonly<Record<string, Fault>>;
