import { expect, test } from 'vitest';
import { healthFaults } from '../../../src/config/rules-health.ts';

const places = (root: Record<string, unknown>) => healthFaults(root).map(({ path }) => path.join('.'));
const withService = (health: unknown, own: unknown) => ({ health, services: { shop: { health: own } } });

test.each([
  [{}],
  [{ health: { interval: '2s', timeout: '2s' } }],
  [{ health: { degraded_error_rate: 0.1, unhealthy_error_rate: '10%' } }],
  [withService({ interval: '1s', timeout: '1s' }, { timeout: '500ms' })],
  [{ health: { interval: 'soon' } }],
])('%j is right', (root) => {
  expect(places(root)).toEqual([]);
});

test.each([
  [{ health: { timeout: '11s' } }, ['health.timeout']],
  [{ health: { interval: '1s' } }, ['health.interval']],
  [{ health: { unhealthy_error_rate: 0.001 } }, ['health.unhealthy_error_rate']],
  [{ health: { degraded_error_rate: '50%' } }, ['health.degraded_error_rate']],
  [withService({ interval: '5s' }, { timeout: '6s' }), ['services.shop.health.timeout']],
  [withService({ timeout: '6s' }, { interval: '5s' }), ['services.shop.health.interval']],
  [
    withService({ degraded_error_rate: 0.2, unhealthy_error_rate: 0.3 }, { unhealthy_error_rate: 0.1 }),
    ['services.shop.health.unhealthy_error_rate'],
  ],
  [withService({ timeout: '11s' }, { rise: 3 }), ['health.timeout']],
])('%j is refused at the key that makes it wrong, once', (root, where) => {
  expect(places(root)).toEqual(where);
});

test('the message has both values', () => {
  expect(healthFaults({ health: { interval: '1s' } })[0]?.message).toBe(
    'makes timeout (2s) longer than interval (1s); a check must end before the next begins',
  );
});

test('gRPC is asked over HTTP/2, for all services or for one', () => {
  const service = (health: object, ...protocols: (string | undefined)[]) => ({
    health,
    endpoints: protocols.map((protocol) => (protocol === undefined ? {} : { protocol })),
  });
  const root = { services: { a: service({ grpc: '' }, 'h2', undefined, 'h2c'), b: service({}, 'h1') } };
  expect(places(root)).toEqual(['services.a.endpoints.1']);
  expect(places({ ...root, health: { grpc: 'x' } })).toEqual(['services.a.endpoints.1', 'services.b.endpoints.0']);
});
