import type { FaultContext } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Exchange, Refused } from './exchange.ts';
import { isGrpcRequest } from './request-deadline.ts';

/** What a client is told of a request that it gets a fault for. */
export function faultContext(exchange: Exchange): FaultContext {
  const { requestId, chaos, state, head } = exchange;
  const told = { requestId, chaos, grpc: isGrpcRequest(head) };
  return state.rules === undefined ? told : { ...told, more: state.rules.ownFields(exchange) };
}

/** The same of a request that was refused before it was sent anywhere. */
export function refusalContext(head: RequestHead, { requestId, more }: Refused): FaultContext {
  const told = { requestId, grpc: isGrpcRequest(head) };
  return more === undefined ? told : { ...told, more };
}
