import { expect, test } from 'vitest';
import { CERTIFICATES_MAX, LISTENERS_MAX, listenerFaults } from '../../../src/config/rules-listeners.ts';
import { problemsWith } from './parse-text.ts';

test.each([
  [undefined, ':9901', 'admin'],
  ['0.0.0.0:9901', undefined, 'edge'],
  ['127.0.0.1:80', '127.0.0.1:80', 'admin'],
  ['[::]:80', '127.0.0.1:80', 'admin'],
])('edge at %s and admin at %s collide', (edge, admin, given) => {
  const root = {
    edge: edge === undefined ? {} : { listen: edge },
    admin: admin === undefined ? {} : { listen: admin },
  };
  const collides = edge === undefined ? { ...root, edge: { listen: '127.0.0.1:9901' } } : root;
  expect(listenerFaults(collides)).toEqual([
    { path: [given, 'listen'], message: expect.stringContaining('give one of them another port') as unknown },
  ]);
});

test.each([
  [undefined, undefined],
  [':0', ':0'],
  ['10.0.0.1:80', '127.0.0.1:80'],
  [':80', ':81'],
  ['nonsense', ':80'],
])('edge at %s and admin at %s do not', (edge, admin) => {
  expect(listenerFaults({ edge: { listen: edge }, admin: { listen: admin } })).toEqual([]);
});

const listeners = (...all: readonly string[]) =>
  problemsWith(`edge: { listeners: [${all.map((one) => `{ ${one} }`).join(', ')}] }`);
const TLS = 'tls: { cert: c.pem, key: k.pem }';

test.each([
  ['listen: ":80"', `listen: ":443", ${TLS}`],
  ['listen: "127.0.0.1:80"', 'listen: "127.0.0.2:80"'],
  ['listen: ":80", redirect: https, redirect_port: 8443', `listen: ":8443", http2: true, ${TLS}`],
  ['listen: ":80", http2: h2c', 'name: b, listen: ":81", http2: false'],
  ['listen: ":80", proxy_protocol: { from: [10.0.0.0/8, "::1", loopback] }'],
  [
    'listen: ":443", tls: { certificates: [{ cert: a, key: b }, { cert: c, key: d }], strict_sni: true, min_version: 1.3 }',
  ],
  [
    'listen: ":443", tls: { cert: a, key: b, client_ca: c, client_certificate: optional, client_certificate_chain: true }',
  ],
])('%s %s is right', (...all) => {
  expect(listeners(...all.filter((one) => one !== undefined))).toEqual([]);
});

test.each([
  [
    ['listen: ":80"', 'listen: "127.0.0.1:80"'],
    'listeners[1].listen: is also where edge.listeners[0].listen is; give one',
  ],
  [['listen: "[::]:80"', 'listen: ":80"'], 'listeners[1].listen: is also where edge.listeners[0].listen is'],
  [
    ['listen: ":80"', 'listen: ":81"', 'listen: ":80"'],
    'listeners[2].listen: is also where edge.listeners[0].listen is',
  ],
  [['listen: ":9901"'], 'listeners[0].listen: is also where admin.listen is; give one of them another port'],
  [['name: a, listen: ":80"', 'name: a, listen: ":81"'], 'listeners[1].name: is the name of another listener'],
  [['listen: ":0"', 'listen: ":0"'], 'listeners[1].listen: is the name of another listener'],
  [[`listen: ":443", http2: h2c, ${TLS}`], 'listeners[0].http2: h2c is HTTP/2 without TLS, and this listener has tls'],
  [['listen: ":80", http2: true'], 'listeners[0].http2: needs tls; HTTP/2 without it is h2c'],
  [[`listen: ":443", redirect: https, ${TLS}`], 'listeners[0].redirect: leads to https, and this listener has tls'],
  [['listen: ":80", redirect_port: 8443'], 'listeners[0].redirect_port: needs redirect: https'],
  [['listen: ":80", redirect: https, http2: h2c'], 'listeners[0].http2: is nothing for a listener that redirects'],
  [['listen: ":80", redirect: http'], 'listeners[0].redirect: must be https; it is "http"'],
  [['listen: ":80", proxy_protocol: true'], 'listeners[0].proxy_protocol: must be a mapping'],
  [['listen: ":80", proxy_protocol: { from: [] }'], 'listeners[0].proxy_protocol.from: must have at least 1'],
  [['listen: ":443", tls: {}'], 'listeners[0].tls.cert: is missing; it must be the path of a PEM file'],
  [['listen: ":443", tls: { key: k }'], 'listeners[0].tls.cert: is missing; it must be the path of a PEM file'],
  [['listen: ":443", tls: { certificates: [{ cert: c }] }'], 'listeners[0].tls.certificates[0].key: is missing'],
  [['listen: ":443", tls: { cert: c, certificates: [{ cert: c, key: k }] }'], 'listeners[0].tls.key: is missing'],
  [['listen: ":443", tls: { certificates: [] }'], 'listeners[0].tls.certificates: is an empty list'],
  [
    ['listen: ":443", tls: { cert: c, key: k, min_version: 1.1 }'],
    'tls.min_version: must be 1.2 or 1.3; it is the number 1.1; what',
  ],
  [
    ['listen: ":443", tls: { cert: c, key: k, client_certificate: required }'],
    'tls.client_certificate: needs client_ca',
  ],
  [
    ['listen: ":443", tls: { cert: c, key: k, client_certificate_chain: true }'],
    'client_certificate_chain: needs client_ca',
  ],
])('%j is refused where it is wrong', (all, problem) => {
  const found = listeners(...all);
  expect(found.filter((one) => one.includes(problem))).toHaveLength(1);
  for (const one of found) expect(one).toMatch(/^2:\d+ /);
});

test('the short form and the list are not for one file', () => {
  expect(problemsWith('edge: { listen: ":80", listeners: [{ listen: ":81" }] }')).toEqual([
    expect.stringContaining('2:9 edge.listen: is the short form for one listener'),
  ]);
  expect(problemsWith(`edge: { ${TLS}, listeners: [{ listen: ":81" }] }`)).toEqual([
    expect.stringContaining('edge.tls: is the short form for one listener'),
  ]);
});

test('an empty list is none', () => {
  expect(listeners()).toEqual([expect.stringContaining('edge.listeners: is an empty list')]);
});

test('there are at most so many listeners, and certificates of each', () => {
  const many = Array.from({ length: LISTENERS_MAX + 1 }, (_, i) => `listen: ":${1000 + i}"`);
  expect(listeners(...many.slice(1))).toEqual([]);
  expect(listeners(...many)).toEqual([expect.stringContaining(`has ${LISTENERS_MAX + 1} listeners; at most`)]);
  const certificates = Array.from({ length: CERTIFICATES_MAX + 1 }, () => ({ cert: 'c', key: 'k' }));
  expect(listenerFaults({ edge: { tls: { certificates } } })).toEqual([
    {
      path: ['edge', 'tls', 'certificates'],
      message: `has ${CERTIFICATES_MAX + 1} certificates; at most ${CERTIFICATES_MAX} fit`,
    },
  ]);
});
