import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { post, webhookPost, webhookSignature } from '../../../src/observe/webhook.ts';
import { startOrigin } from '../../support/origin.ts';
import { AT_MS, changeTo } from './finding.ts';

const AT = { edge: 'iad-1', wallMs: AT_MS };
const never = new AbortController().signal;

test('one message for all changes of a look', () => {
  const { url, body } = webhookPost(
    { url: 'http://h/x', secret: '' },
    [changeTo('firing', 'a'), changeTo('resolved', 'b')],
    AT,
  );
  expect(url).toBe('http://h/x');
  expect(JSON.parse(body)).toEqual({
    version: 1,
    edge: 'iad-1',
    alerts: [
      {
        status: 'firing',
        alert: 'MeridianEndpointHealthCritical',
        key: 'a',
        severity: 'critical',
        summary: 'a is wrong',
        labels: { service: 'shop', cloud: 'aws' },
        starts_at: '2026-01-02T03:04:05.000Z',
        ends_at: null,
      },
      expect.objectContaining({ status: 'resolved', key: 'b', ends_at: '2026-01-02T03:05:05.000Z' }),
    ],
  });
});

test.each([
  ['plain text', 'sesame', Buffer.from('sesame')],
  ['base64', `whsec_${Buffer.from([0, 255, 7]).toString('base64')}`, Buffer.from([0, 255, 7])],
])('the signature is that of Standard Webhooks, with a key in %s', (_, secret, key) => {
  const { body, headers } = webhookPost({ url: 'http://h', secret }, [changeTo('firing', 'a')], AT);
  const {
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': signature,
  } = headers as Record<string, string>;
  expect(at).toBe(String(AT_MS / 1000));
  expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`);
});

test('the published example of Standard Webhooks comes out the same', () => {
  const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
  expect(webhookSignature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', content)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('without a secret nothing is signed; the same message always has the same id, another one another', () => {
  const of = (key: string, wallMs = AT_MS) =>
    webhookPost({ url: 'http://h', secret: '' }, [changeTo('firing', key)], { edge: 'e', wallMs }).headers;
  expect(of('a')).not.toHaveProperty('webhook-signature');
  expect(of('a', AT_MS + 5000)?.['webhook-id']).toBe(of('a')?.['webhook-id']);
  expect(of('b')?.['webhook-id']).not.toBe(of('a')?.['webhook-id']);
});

async function answered(answer: (request: IncomingMessage, response: ServerResponse) => void, timeoutMs = 5000) {
  const origin = await startOrigin('sink', answer);
  const delivery = await post(
    { url: `http://127.0.0.1:${origin.port}/in?k=SECRET`, body: '{"a":1}' },
    timeoutMs,
    never,
  );
  await origin.kill();
  return { origin, delivery };
}

test('it posts JSON, and 2xx is delivered', async () => {
  const { origin, delivery } = await answered((_, response) => response.writeHead(202).end('{"status":"ok"}'));
  expect(delivery).toEqual({ ok: true });
  expect(origin.seen[0]).toMatchObject({ method: 'POST', url: '/in?k=SECRET' });
  expect(origin.seen[0]?.body.toString()).toBe('{"a":1}');
  expect(origin.seen[0]?.rawHeaders.join('\n')).toMatch(/content-type\napplication\/json/i);
});

test.each([
  [400, true],
  [401, true],
  [404, true],
  [302, true],
  [408, false],
  [429, false],
  [500, false],
  [503, false],
])('%d: given up for good is %s', async (status, final) => {
  const { delivery } = await answered((_, response) =>
    response.writeHead(status, { 'retry-after': '7', location: '/elsewhere' }).end('no  \n thanks'),
  );
  expect(delivery).toEqual({ ok: false, final, error: `answered ${status}: no thanks`, retryAfterMs: 7000 });
});

test('a redirect is not followed: a sink is where the file says', async () => {
  const { origin } = await answered((_, response) => response.writeHead(307, { location: '/elsewhere' }).end());
  expect(origin.seen).toHaveLength(1);
});

test('a sink that hangs is given up within its time', async () => {
  const { delivery } = await answered(() => {}, 150);
  expect(delivery).toEqual({ ok: false, final: false, error: 'no answer within 150 ms' });
});

test('a sink that begins an answer that never ends holds nobody up', async () => {
  const { delivery } = await answered((_, response) => response.writeHead(500).write('endless'));
  expect(delivery).toMatchObject({ ok: false, error: 'answered 500: endless' });
});

test('a sink that is not there is reported without its URL', async () => {
  const origin = await startOrigin('gone');
  await origin.kill();
  const delivery = await post({ url: `http://127.0.0.1:${origin.port}/SECRET`, body: '' }, 1000, never);
  expect(delivery).toEqual({ ok: false, final: false, error: 'ECONNREFUSED' });
});
