import { expect, test } from 'vitest';
import { initFaults, initFaultText } from '../../../src/main/init-faults.ts';

const ENDPOINT = { cloud: 'aws', region: 'us-east-1', url: 'http://10.0.0.1:8080' };
const ANSWERS = { listen: '127.0.0.1:8080', admin: '127.0.0.1:9901', service: 'web', hosts: [], endpoints: [ENDPOINT] };
const texts = (change: object) => initFaults({ ...ANSWERS, ...change }).map(initFaultText);

test('what is good has none', () => {
  expect(texts({})).toEqual([]);
});

test('each fault is that of an option, with what was given', () => {
  expect(texts({ listen: '80' })).toEqual([expect.stringMatching(/^--listen 80: must be an address and port/)]);
  expect(texts({ admin: 'x:99999' })).toEqual(['--admin x:99999: has port 99999; ports go from 0 to 65535']);
  expect(texts({ admin: '127.0.0.1:8080' })).toEqual([
    expect.stringMatching(/^--admin 127\.0\.0\.1:8080: is also where/),
  ]);
  expect(texts({ service: 'a b' })).toEqual([expect.stringMatching(/^--service a b: is no name/)]);
  expect(texts({ service: 'edge.x y' })).toEqual([expect.stringMatching(/^--service edge\.x y: is no name/)]);
  expect(texts({ hosts: ['good.example', 'a b'] })).toEqual([
    expect.stringMatching(/^--host a b: must be a host name/),
  ]);
  expect(texts({ endpoints: [ENDPOINT, { ...ENDPOINT, region: 'us-esat-1' }] })).toEqual([
    expect.stringMatching(/^--endpoint aws\/us-esat-1=http:\/\/10\.0\.0\.1:8080: region: .*did you mean us-east-1/),
  ]);
  expect(texts({ endpoints: [ENDPOINT, ENDPOINT] })).toEqual([
    expect.stringMatching(/^--endpoint aws\/us-east-1=http:\/\/10\.0\.0\.1:8080: has the same cloud/),
  ]);
});

test('all of them at once', () => {
  expect(texts({ listen: '80', service: 'a b' })).toHaveLength(2);
});
