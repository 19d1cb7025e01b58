import { expect, test } from 'vitest';
import { ReadHead } from '../../../../src/edge/message/answer-head.ts';
import { faultContext } from '../../../../src/edge/request/fault-context.ts';
import { ruledHead } from '../../../../src/edge/request/ruled-head.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const RULES = 'headers: { response: { set: { Server: "${cloud}" }, remove: [X-A] } }';
const read = new ReadHead({ status: 200, reason: 'OK', lines: 'X-A: 1\r\nAge: 2\r\n', length: 5, dated: true });
const made = { status: 200, reason: 'OK', headers: ['X-A', '1', 'Age', '2'] };

test('heads are ruled as they were made: with lines, or as a list', () => {
  const { exchange, attempt } = begun(pathOf(threeClouds({ service: RULES })));
  const head = ruledHead(read, exchange, attempt) as ReadHead;
  expect(head).toBeInstanceOf(ReadHead);
  expect(head).toMatchObject({ status: 200, lines: 'Age: 2\r\nServer: aws\r\n', length: 5, dated: true });
  expect(ruledHead(made, exchange, attempt).headers).toEqual(['Age', '2', 'Server', 'aws']);
  expect(ruledHead(made, exchange, undefined).headers).toEqual(['Age', '2']);
  expect(ruledHead(undefined, exchange, attempt)).toBeUndefined();
});

test('without rules they are the very same', () => {
  const { exchange, attempt } = begun(pathOf());
  expect(ruledHead(read, exchange, attempt)).toBe(read);
  const { exchange: asked } = begun(pathOf(threeClouds({ service: 'host: upstream' })));
  expect(ruledHead(made, asked, undefined)).toBe(made);
});

test('a client that gets a fault is told what the rules add', () => {
  const { exchange } = begun(pathOf(threeClouds({ service: 'headers: { response: { set: { X-A: b } } }' })));
  expect(faultContext(exchange)).toEqual({ requestId: exchange.requestId, chaos: '', grpc: false, more: ['X-A', 'b'] });
  expect(faultContext(begun(pathOf()).exchange)).not.toHaveProperty('more');
});
