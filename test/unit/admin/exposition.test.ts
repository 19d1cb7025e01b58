import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatFor, metricsReply } from '../../../src/admin/exposition.ts';

/** What a Prometheus of today asks for. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

test.each([
  [PROMETHEUS, 'openmetrics'],
  ['application/openmetrics-text', 'openmetrics'],
  ['Application/OpenMetrics-Text; Version=1.0.0', 'openmetrics'],
  ['application/openmetrics-text;version=0.0.1', 'text'],
  ['application/openmetrics-text;q=0.3, text/plain;q=0.5', 'text'],
  ['application/openmetrics-text;q=0', 'text'],
  ['application/openmetrics-text;q=high', 'text'],
  ['*/*', 'text'],
  ['', 'text'],
] as const)('%s gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

const BODY = 'up 1\n'.repeat(1000);
const metrics = async (format: string) => ({ contentType: format, body: BODY });

test('it is packed for whoever takes that, and says so', async () => {
  const reply = await metricsReply({ accept: PROMETHEUS, acceptEncoding: 'br, gzip;q=0.5' }, metrics);
  expect(reply).toMatchObject({ contentType: 'openmetrics', headers: { 'content-encoding': 'gzip' } });
  expect(gunzipSync(reply.packed!).toString()).toBe(BODY);
  expect(reply.packed!.length).toBeLessThan(BODY.length / 10);
});

test.each([[undefined], ['identity'], ['gzip;q=0']])(
  'for Accept-Encoding %s it is sent as it is',
  async (acceptEncoding) => {
    const reply = await metricsReply({ acceptEncoding }, metrics);
    expect(reply.packed).toBeUndefined();
    expect(reply.headers).toEqual({ vary: 'accept, accept-encoding' });
  },
);

test('what is small is not worth it', async () => {
  const reply = await metricsReply({ acceptEncoding: 'gzip' }, async () => ({ contentType: 'text', body: 'up 1\n' }));
  expect(reply.packed).toBeUndefined();
});
