import { expect, test } from 'vitest';
import { headerOf } from '../../../../src/edge/message/request-head.ts';
import { CANDIDATES_SHOWN_MAX, decisionHeaders } from '../../../../src/edge/request/decision-headers.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const top = 'edge: { id: e, region: aws/us-east-1, decision_headers: always }';

test('a decision in one header, and its time in another', () => {
  const path = pathOf(threeClouds({ top }));
  path.stage.table.live.inFlight[0] = 25;
  const { exchange, attempt } = begun(path, { headers: ['routing-priority', 'latency'] });
  path.now.ms += 12.345;
  path.pipeline.answered(exchange, attempt, 200, true);
  const headers = decisionHeaders(exchange, attempt);
  const [first, ...candidates] = (headerOf(headers, 'x-meridian-decision') as string).split(', ');
  expect(first).toBe(`endpoint="shop/aws/us-east-1"; priority=latency; client="US"; attempts=1`);
  expect(candidates).toHaveLength(3);
  // As it was when it was decided: this request is not in the 25.
  expect(candidates[0]).toMatch(
    /^"aws\/us-east-1"; score=0\.\d{3}; latency=0\.9\d\d; capacity=0\.750; health=1\.000; diversity=1\.000; ready$/,
  );
  expect(headerOf(headers, 'server-timing')).toBe('meridian;desc="aws/us-east-1", upstream;dur=12.3');
});

test('panic is shown', () => {
  const path = pathOf(threeClouds({ top }));
  path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
  const { exchange, attempt } = begun(path);
  expect(headerOf(decisionHeaders(exchange, attempt), 'x-meridian-decision')).toMatch(
    /attempts=1; panic, .*; unhealthy$/,
  );
});

test('a header has room for so many candidates only', () => {
  const { exchange, attempt } = begun(pathOf(threeClouds({ top, each: 5 })));
  const shown = (headerOf(decisionHeaders(exchange, attempt), 'x-meridian-decision') as string).split(', ');
  expect(shown).toHaveLength(1 + CANDIDATES_SHOWN_MAX);
});

test('a client that may not know gets no header', () => {
  const { exchange, attempt } = begun(pathOf());
  expect(decisionHeaders(exchange, attempt)).toEqual([]);
});

test('only a trusted peer sees where an endpoint is', () => {
  const { exchange, attempt } = begun(pathOf(threeClouds({ top })));
  const told = (trustedPeer: boolean) =>
    headerOf(decisionHeaders({ ...exchange, trustedPeer }, attempt), 'x-meridian-decision') as string;
  expect(told(true)).toContain(`endpoint="${attempt.endpoint.id}"`);
  expect(told(false)).not.toContain(attempt.endpoint.url.host);
});
