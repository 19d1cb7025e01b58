import { expect } from 'vitest';
import { contract, told } from './contract.ts';

/** HTTP-01: what an authority asks for is answered by whichever engine has the connection; everything else goes to the services. */

const PATH = '/.well-known/acme-challenge';
const OPEN = { tokens: new Map([['tok-1', 'tok-1.thumb']]), certificates: new Map() };
const asked = (path: string, method = 'GET', host = 'shop.example') =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const SETTING = { service: '    match: { hosts: [shop.example] }' };

contract('a challenge of an authority', [
  {
    ...SETTING,
    name: 'is answered for any host while it is open, and the connection goes on',
    play: async ({ rig, client }) => {
      rig.edge.setChallenges(OPEN);
      const one = await client('GET', 'GET', 'GET');
      await one.writeApart([
        asked(`${PATH}/tok-1`),
        asked(`${PATH}/tok-1`, 'GET', 'other.example'),
        asked(`${PATH}/tok-1`),
      ]);
      await one.answered(3);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(Array(3).fill('200 tok-1.thumb'));
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.records).toEqual([]);
    },
  },
  {
    ...SETTING,
    name: 'that is unknown goes to the service, as does whatever else is below that path',
    play: async ({ rig, client }) => {
      rig.edge.setChallenges(OPEN);
      const one = await client('GET', 'GET', 'GET', 'POST');
      const post = `POST ${PATH}/tok-1 HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n`;
      await one.writeApart([asked(`${PATH}/tok-2`), asked(`${PATH}/`), asked(`${PATH}/tok-1?x`), post]);
      await one.answered(4);
    },
    expect: (seen) => {
      expect(seen.origins.flat().map(({ start }) => start.split(' ')[1])).toEqual([
        `${PATH}/tok-2`,
        `${PATH}/`,
        `${PATH}/tok-1?x`,
        `${PATH}/tok-1`,
      ]);
    },
  },
  {
    ...SETTING,
    name: 'that is over goes to the service',
    play: async ({ rig, client }) => {
      rig.edge.setChallenges(OPEN);
      rig.edge.setChallenges(undefined);
      const one = await client('GET');
      await one.writeApart([asked(`${PATH}/tok-1`)]);
      await one.answered(1);
    },
    expect: (seen) => expect(seen.origins.flat()).toHaveLength(1),
  },
]);
