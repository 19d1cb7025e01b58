import { expect, test } from 'vitest';
import { parseTopology } from '../../../src/config/load.ts';
import { initEndpoint, initText } from '../../../src/main/init-text.ts';

const ENDPOINT = { cloud: 'aws', region: 'us-east-1', url: 'http://10.0.0.1:8080' };
const ANSWERS = { listen: '127.0.0.1:8080', admin: '127.0.0.1:9901', service: 'web', hosts: [], endpoints: [ENDPOINT] };

test('what is written is a good configuration that says what was asked for', () => {
  const parsed = parseTopology(initText({ ...ANSWERS, hosts: ['www.example.com', '*.example.org'] }), {
    file: 'a.yaml',
    env: {},
    readFile: () => '',
  });
  expect(parsed).toMatchObject({
    ok: true,
    topology: {
      edge: { listeners: [{ listen: { host: '127.0.0.1', port: 8080 } }] },
      admin: { listen: { host: '127.0.0.1', port: 9901 }, token: '' },
      services: [
        {
          name: 'web',
          match: [{ hosts: ['www.example.com', '*.example.org'] }],
          endpoints: [{ cloud: 'aws', region: 'us-east-1' }],
        },
      ],
    },
  });
});

test.each([
  ['aws/us-east-1=http://10.0.0.1:8080', ENDPOINT],
  [
    ' gcp/europe-west1=https://a.example/b?c=d ',
    { cloud: 'gcp', region: 'europe-west1', url: 'https://a.example/b?c=d' },
  ],
  ['aws=http://a', undefined],
  ['aws/us-east-1', undefined],
  ['', undefined],
])('%j', (text, endpoint) => {
  expect(initEndpoint(text)).toEqual(endpoint);
});
