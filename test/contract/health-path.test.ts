import { expect } from 'vitest';
import { contract, told } from './contract.ts';

/** `edge.health_path`: answered by whichever engine has the connection, before services are looked at. */

const SETTING = { service: '    match: { hosts: [shop.example] }', edge: ', health_path: /up' };
const GET = 'GET /up HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n\r\n';

contract('the health path', [
  {
    ...SETTING,
    name: 'is answered for any host, and the connection goes on',
    play: [GET, GET, 'GET /up HTTP/1.1\r\nHost: shop.example\r\n\r\n'],
    answers: 3,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ready\n', '200 ready\n', '200 ready\n']);
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.records).toEqual([]);
      expect(seen.cells).toEqual({});
    },
  },
  {
    ...SETTING,
    name: 'answers HEAD with a head, and what comes behind it',
    methods: ['HEAD', 'GET'],
    play: `HEAD /up HTTP/1.1\r\nHost: x\r\n\r\n${GET}`,
    answers: 2,
    expect: (seen) => expect(told(seen)).toEqual(['200 ', '200 ready\n']),
  },
  {
    ...SETTING,
    name: 'is 503 while no traffic is wanted, and the connection goes on',
    play: async ({ rig, client }) => {
      rig.table.live.serving[0] = 0;
      const one = await client('GET', 'GET');
      await one.writeApart([GET, GET]);
      await one.answered(2);
    },
    expect: (seen) => {
      expect(seen.clients[0]?.answers.map(({ start }) => start)).toEqual(
        Array(2).fill('HTTP/1.1 503 Service Unavailable'),
      );
      expect(seen.clients[0]?.answers[0]?.headers.join()).not.toMatch(/Connection: close/);
    },
  },
  {
    ...SETTING,
    name: 'answers a GET with a body, and reads on behind it',
    play: 'GET /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi',
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ready\n']);
      expect(seen.origins.flat()).toEqual([]);
    },
  },
  {
    ...SETTING,
    name: 'leaves other methods and other paths to the services',
    play: [
      'POST /up HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n',
      'GET /up/x HTTP/1.1\r\nHost: shop.example\r\n\r\n',
      'GET /up?x HTTP/1.1\r\nHost: shop.example\r\n\r\n',
    ],
    methods: ['POST', 'GET', 'GET'],
    answers: 3,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok', '200 ok', '200 ok']);
      expect(seen.origins.flat()).toHaveLength(3);
    },
  },
  {
    name: 'is a path like any other where the file names none',
    play: GET,
    expect: (seen) => expect(told(seen)).toEqual(['200 ok']),
  },
]);
