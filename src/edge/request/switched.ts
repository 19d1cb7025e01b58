import type { AnswerHead } from '../message/answer-head.ts';
import type { TunnelSide } from '../tunnel/side.ts';
import type { Exchange } from './exchange.ts';

/** An endpoint has switched protocols, on this side of a tunnel; `release` is to be called when that has ended. */
export type Switched = {
  readonly exchange: Exchange;
  readonly head: AnswerHead;
  readonly endpoint: TunnelSide;
  readonly release: () => void;
};
export type OnSwitch = (switched: Switched) => void;
