import type { FaultTold } from '../message/answer.ts';
import type { Exchange } from './exchange.ts';

/** What a client is told of a request that it gets a fault for. */
export function aboutFault(exchange: Exchange): FaultTold {
  const { requestId, chaos, state } = exchange;
  return state.rules === undefined ? { requestId, chaos } : { requestId, chaos, more: state.rules.ownFields(exchange) };
}
