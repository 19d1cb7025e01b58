import { expect, test } from 'vitest';
import { endpointId, serviceOfEndpoint } from '../../../src/config/endpoint-id.ts';

const url = { protocol: 'http', host: '10.0.0.1', port: 80, basePath: '' } as const;
const of = { service: 'shop', cloud: 'aws', region: 'us-east-1', url } as const;

test('an endpoint is named by where it is', () => {
  expect(endpointId(of)).toBe('shop/aws/us-east-1/10.0.0.1:80');
  expect(endpointId({ ...of, url: { ...url, host: '::1', basePath: '/v2' } })).toBe('shop/aws/us-east-1/[::1]:80/v2');
});

test('the service of an endpoint is the first part of its id', () => {
  expect(serviceOfEndpoint('shop/aws/us-east-1/[::1]:80/base')).toBe('shop');
  expect(serviceOfEndpoint('shop')).toBeUndefined();
  expect(serviceOfEndpoint('/aws')).toBeUndefined();
});
