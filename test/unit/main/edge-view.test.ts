import { expect, test } from 'vitest';
import { breakerCell, cloudText, ofService, orderText, stateCell } from '../../../src/main/edge-view.ts';
import { endpoint, view } from './shown-edge.ts';

test('a view of one service leaves out the others, and names all when there is none of that name', () => {
  const { status } = view({ endpoints: [endpoint('shop/aws/a/x'), endpoint('api/aws/a/x')] });
  expect(ofService(status, 'api').endpoints.map(({ id }) => id)).toEqual(['api/aws/a/x']);
  expect(ofService(status, 'api').clouds).toEqual([]);
  expect(() => ofService(status, 'web')).toThrow('no service "web"; there are: shop, api');
});

test('what operators decided, in a few words', () => {
  expect(orderText(endpoint('a/b/c/d'))).toBe('');
  expect(orderText(endpoint('a/b/c/d', { drained: true, weight: 0.1, capacity: 9 }))).toBe(
    'drained, weight 0.1, capacity 9 (500 in the file)',
  );
});

test('only what is not as usual has a style', () => {
  expect(stateCell({ state: 'unhealthy' })).toEqual({ text: 'unhealthy', style: 'bad' });
  expect([breakerCell('closed'), breakerCell('open')]).toEqual(['closed', { text: 'open', style: 'warn' }]);
  expect(cloudText(view().status)).toEqual(['shop/gcp open']);
});
