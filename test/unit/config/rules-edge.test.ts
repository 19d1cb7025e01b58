import { expect, test } from 'vitest';
import { listenFaults, regionFaults } from '../../../src/config/rules-edge.ts';

test.each([
  [{}],
  [{ edge: { region: 'aws/us-east-1' } }],
  [{ edge: { region: 'aws/mine', place: { lat: 1, lon: 2 } } }],
  [{ edge: { region: 'no cloud' } }],
])('%j stands somewhere', (root) => {
  expect(regionFaults(root)).toEqual([]);
});

test('a region that its cloud does not have needs a place', () => {
  expect(regionFaults({ edge: { region: 'gcp/eu-west-1' } })).toEqual([
    {
      path: ['edge', 'region'],
      message: expect.stringMatching(
        /^"eu-west-1" is no known region of gcp; eu-west-1 is a region of aws; did you mean .+\? For a place of your own add place/,
      ) as unknown,
    },
  ]);
});

test.each([
  [undefined, ':9901', 'admin'],
  ['0.0.0.0:9901', undefined, 'edge'],
  ['127.0.0.1:80', '127.0.0.1:80', 'admin'],
  ['[::]:80', '127.0.0.1:80', 'admin'],
])('edge at %s and admin at %s collide', (edge, admin, given) => {
  const root = {
    edge: edge === undefined ? {} : { listen: edge },
    admin: admin === undefined ? {} : { listen: admin },
  };
  const collides = edge === undefined ? { ...root, edge: { listen: '127.0.0.1:9901' } } : root;
  expect(listenFaults(collides)).toEqual([
    { path: [given, 'listen'], message: expect.stringContaining('give one of them another port') as unknown },
  ]);
});

test.each([
  [undefined, undefined],
  [':0', ':0'],
  ['10.0.0.1:80', '127.0.0.1:80'],
  [':80', ':81'],
  ['nonsense', ':80'],
])('edge at %s and admin at %s do not', (edge, admin) => {
  expect(listenFaults({ edge: { listen: edge }, admin: { listen: admin } })).toEqual([]);
});
