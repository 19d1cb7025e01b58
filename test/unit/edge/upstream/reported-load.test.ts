import { expect, test } from 'vitest';
import { tellLoad } from '../../../../src/edge/upstream/reported-load.ts';

function told(head: string, trailers: string) {
  const lines: string[] = [];
  const upstream = { trailers };
  tellLoad((text) => lines.push(text), upstream, head);
  return { lines, left: upstream.trailers };
}

test('a head and its trailers are told apart, and what is for this edge is taken out of the trailers', () => {
  const trailers = 'grpc-status: 0\r\nEndpoint-Load-Metrics-Bin: CZqZmZmZmbk/\r\nx-sum: 1\r\nx-endpoint-load: 0.5\r\n';
  expect(told('a: b\r\n', trailers)).toEqual({
    lines: ['a: b\r\n', trailers],
    left: 'grpc-status: 0\r\nx-sum: 1\r\n',
  });
});

test('where nothing is said of loads, trailers are what they were', () => {
  expect(told('a: b\r\n', '')).toEqual({ lines: ['a: b\r\n'], left: '' });
  const trailers = 'my-endpoint-load: 1\r\nx: endpoint-load-metrics: TEXT a=1\r\n';
  expect(told('', trailers)).toEqual({ lines: [trailers], left: trailers });
});
