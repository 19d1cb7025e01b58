import { expect, test } from 'vitest';
import { isGrpc, meantByGrpc } from '../../../../src/edge/message/grpc-status.ts';

test.each([
  ['grpc-status: 0\r\n', 0],
  ['grpc-status: 2\r\n', 500],
  ['grpc-status: 4\r\n', 504],
  ['grpc-status: 5\r\n', 0],
  ['grpc-status: 8\r\n', 429],
  ['grpc-status: 14\r\ngrpc-message: x\r\n', 503],
  ['grpc-message: grpc-status: 14\r\nGRPC-Status: 13\r\n', 500],
  ['grpc-status: 999\r\n', 0],
  ['grpc-status: 14x\r\n', 0],
  ['x-grpc-status: 14\r\n', 0],
  ['', 0],
])('%j means %i', (lines, status) => {
  expect(meantByGrpc(lines)).toBe(status);
});

test.each([
  ['application/grpc', true],
  ['application/grpc+proto', true],
  ['Application/gRPC; charset=x', true],
  ['application/grpc-web', false],
  ['application/json', false],
])('%s: %s', (type, is) => {
  expect(isGrpc(type)).toBe(is);
});
