import type { Socket } from 'node:net';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Exchange } from './exchange.ts';

/** An endpoint has switched protocols, on this socket; `release` is to be called when that stream has ended. */
export type Switched = {
  readonly exchange: Exchange;
  readonly head: AnswerHead;
  readonly socket: Socket;
  readonly release: () => void;
};
export type OnSwitch = (switched: Switched) => void;
