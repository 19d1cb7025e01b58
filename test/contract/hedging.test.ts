import { expect } from 'vitest';
import { contract, told } from './contract.ts';

const named = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const hedge = '    hedge: { after: 30ms }\n    timeouts: { patience: 10s }';

contract('hedging', [
  {
    steady: true,
    name: 'a request whose first endpoint takes its time goes to a second, and neither is blamed',
    origins: [{ answer: () => {} }, { answer: named('gcp') }],
    service: hedge,
    play: GET,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 gcp']);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 1]);
      expect(seen.records).toEqual(['GET / 200 complete [aws abandoned 0, gcp success 200]']);
    },
  },
  {
    steady: true,
    name: 'one that answers in time goes nowhere else',
    origins: [{ answer: named('aws') }, { answer: named('gcp') }],
    service: hedge,
    play: GET,
    expect: (seen) => expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0]),
  },
  {
    steady: true,
    name: 'a method that is not named waits for its patience',
    origins: [{ answer: () => {} }, { answer: named('gcp') }],
    service: '    hedge: { after: 30ms }\n    timeouts: { first_byte: 300ms, patience: off }',
    play: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
    methods: ['POST'],
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0]);
    },
  },
  {
    steady: true,
    name: 'without budget for retries there is no second',
    origins: [{ answer: () => {} }, { answer: named('gcp') }],
    service:
      '    hedge: { after: 30ms }\n    retries: { budget: 0, budget_floor: 0 }\n    timeouts: { first_byte: 300ms }',
    play: GET,
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^504 /);
      expect(seen.origins.map((requests) => requests.length)).toEqual([1, 0]);
    },
  },
]);
