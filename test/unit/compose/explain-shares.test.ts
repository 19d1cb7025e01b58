import { expect, test } from 'vitest';
import { limitParts } from '../../../src/compose/explain-shares.ts';
import { clientEdgeOn } from '../../support/client-fleet.ts';
import { threeClouds } from '../../support/topology.ts';

const CLIENT = '192.0.2.1';

function partsOf(limits: string, part: number, address = CLIENT) {
  const topology = threeClouds({ service: `limits: { ${limits} }` });
  const { ask, live } = clientEdgeOn({ ms: 1000 }, topology);
  ask(CLIENT);
  for (const [at, key] of live.clientKey.entries()) if (key !== 0) live.clientShare[at] = part;
  live.limitShare[0] = 0.25;
  return limitParts(topology.services[0]!, { columns: live, slot: 0, address });
}

const EACH = 'per_client: { requests: 10/s }';

test.each([
  ['of all clients and of this one', `requests: 5/s, ${EACH}`, 0.5, CLIENT, { all: 0.25, client: 0.5 }],
  ['of this client only', EACH, 0.5, CLIENT, { client: 0.5 }],
  ['of a client that has all of its limit here', EACH, 0, CLIENT, undefined],
  ['of a client that has never been here', EACH, 0.5, '192.0.2.9', undefined],
  ['of limits for each edge', `over: edge, requests: 5/s, ${EACH}`, 0.5, CLIENT, undefined],
  [
    'of clients by a header, which nobody has said',
    'per_client: { requests: 9/s, header: x-key }',
    0.5,
    CLIENT,
    undefined,
  ],
  ['without a limit on requests', 'per_client: { concurrent: 3 }', 0.5, CLIENT, undefined],
  ['without limits', 'fields: 50', 0.5, CLIENT, undefined],
])('the parts %s', (_, limits, part, address, expected) => {
  expect(partsOf(limits, part, address)).toEqual(expected);
});
