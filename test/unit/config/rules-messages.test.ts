import { describe, expect, test } from 'vitest';
import {
  goesInTrailers,
  goesToClient,
  goesToEndpoint,
  kindOfName,
  ORDINARY,
} from '../../../src/edge/message/field-kind.ts';
import { problemsOf } from './parse-text.ts';

const ENDPOINT = '{ cloud: aws, region: us-east-1, url: http://10.0.0.1:8080 }';
const service = (lines: string) =>
  problemsOf(`version: 1\nservices:\n  web:\n    endpoints: [${ENDPOINT}]\n    ${lines}\n`);

test.each([
  'host: upstream',
  'host: client',
  'host: app.internal:8443',
  'headers: { request: { set: { X-A: "${client.address} ${client.country} ${request.id} ${request.host} ${endpoint.region} ${cloud} ${service}" } } }',
  'headers: { request: { set: { X-A: "1" }, add: { x-a: "2" } }, response: { remove: [Server] } }',
  'headers: { request: { set: { X-Forwarded-Prefix: /api, X-Real-IP: "${client.address}" } } }',
  'path: { strip_prefix: /api, replace: { /old: /new, /: /all }, add_prefix: /v2.1/..x }',
  'redirect: { scheme: https }',
  'redirect: { host: "example.com:8443", status: 302, path: { set: / } }',
  'hsts: preload',
  'alt_svc: \'h3=":443"; ma=60\'',
  'alt_svc: clear\n    headers: { response: { set: { Strict-Transport-Security: a } } }',
])('%s is good', (lines) => {
  expect(service(lines)).toEqual([]);
});

test.each([
  [
    'host: "a b"',
    '5:11 services.web.host: must be client or upstream, or a host name, with or without a port; it is "a b"',
  ],
  ['host: https://a', 'services.web.host: must be'],
  [
    'headers: { request: { set: { Host: a } } }',
    '5:34 services.web.headers.request.set.Host: is not set by a rule; write host:',
  ],
  ['headers: { request: { set: { content-length: "1" } } }', 'frames the message'],
  ['headers: { response: { set: { Transfer-Encoding: gzip } } }', 'frames the message'],
  [
    'headers: { response: { remove: [Content-Length] } }',
    '5:37 services.web.headers.response.remove[0]: frames the message',
  ],
  ['headers: { request: { add: { Connection: close } } }', 'is about one connection'],
  ['headers: { request: { set: { X_Forwarded_For: a } } }', 'is written by this edge itself; name the proxies'],
  ['headers: { request: { remove: [Via] } }', 'so that loops are seen'],
  ['headers: { response: { add: { X-Request-ID: a } } }', 'put its value into another field with ${request.id}'],
  ['headers: { request: { set: { X-A: a, x-a: b } } }', 'services.web.headers.request.set.x-a: is in set already'],
  [
    'headers: { request: { set: { X-A: a }, remove: [x-a] } }',
    'is in set already, in these or other letters; say it once',
  ],
  ['headers: { request: { set: { "X A": a } } }', 'is no name: it must be the name of a header field'],
  ['headers: { request: { set: { X-A: 5 } } }', 'put it in quotes'],
  ['headers: { request: { set: { X-A: "" } } }', 'must be the text of a header field'],
  [
    'headers: { request: { set: { X-A: "a\\r\\nX-Evil: 1" } } }',
    'has a line end, which would begin another header field',
  ],
  ['headers: { request: { set: { X-A: "a\\0" } } }', 'has characters that are not ASCII'],
  ['headers: { request: { set: { X-A: "é" } } }', 'has characters that are not ASCII'],
  ['headers: { request: { set: { X-A: " a" } } }', 'has white space before or behind it'],
  [
    'headers: { request: { set: { X-A: "${client.adress}" } } }',
    'names ${client.adress}, which no message has; did you mean "client.address"?',
  ],
  [
    'headers: { request: { set: { X-A: "$${client.adress}" } } }',
    'names ${client.adress}, which no message has; did you mean "client.address"?',
  ],
  ['path: {}', 'services.web.path: says nothing'],
  ['path: { strip_prefix: /api/ }', 'without a slash at its end; it is "/api/"'],
  ['path: { add_prefix: /a/../b }', 'must be a path such as /api'],
  ['path: { add_prefix: "/a?b" }', 'must be a path such as /api'],
  ['path: { replace: { old: /new } }', 'is no name: it must be a path such as /api'],
  ['path: { set: /a, add_prefix: /b }', 'replaces the whole path, so that add_prefix says nothing'],
  ['redirect: { status: 308 }', 'leads nowhere else; add scheme: https, a host or a path'],
  ['redirect: { host: a, status: 304 }', 'must be 301, 302, 303, 307 or 308; it is the number 304'],
  ['redirect: { path: { set: /a, strip_prefix: /b } }', 'services.web.redirect.path.set: replaces the whole path'],
  ['hsts: yes', 'must be off, on, subdomains or preload; it is "yes"; did you mean "on"?'],
  [
    'hsts: on\n    headers: { response: { set: { strict-transport-security: a } } }',
    'is what hsts says too; keep one of them',
  ],
  ['alt_svc: clear\n    headers: { response: { add: { Alt-Svc: a } } }', 'is what alt_svc says too; keep one of them'],
  ['alt_svc: h3', 'services.web.alt_svc: must be an Alt-Svc value such as h3=":443"; ma=86400'],
])('%s is not', (lines, message) => {
  expect(service(lines)).toEqual([expect.stringContaining(message)]);
});

describe('whatever the fronts treat as their own, no rule may touch', () => {
  // Everything that field-kind.ts knows by name, by the names that the RFCs give it.
  const names = [
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Keep-Alive',
    'Via',
    'Date',
    'X-Request-Id',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'X-Forwarded-Host',
    'Forwarded',
    'X-Forwarded-Port',
    'X-Forwarded-Prefix',
    'X-Real-IP',
    'Trailer',
    'Upgrade',
    'Expect',
    'TE',
    'Proxy-Connection',
    'Proxy-Authenticate',
    'Proxy-Authorization',
    'HTTP2-Settings',
    'Max-Forwards',
    'Proxy',
    'traceparent',
  ];
  test.each(names)('%s', (name) => {
    const kind = kindOfName(name);
    expect(kind).not.toBe(ORDINARY);
    const refused = (direction: string) => service(`headers: { ${direction}: { set: { ${name}: a } } }`).length === 1;
    // What a trusted proxy may say, this edge may too.
    if (!goesToEndpoint(kind, true)) expect(refused('request'), 'in requests').toBe(true);
    if (!goesToClient(kind) && name !== 'traceparent') expect(refused('response'), 'in answers').toBe(true);
    if (!goesInTrailers(kind) && name === 'Content-Length') expect(refused('response')).toBe(true);
  });
});

test.each([
  ['redirect: { host: b.example }', []],
  ['redirect: { path: { add_prefix: /x } }', []],
  [
    'redirect: { scheme: https }',
    [
      expect.stringContaining(
        'services.web.endpoints: is missing; it must be a list of endpoints, each with cloud, region and url; a redirect of the scheme alone',
      ),
    ],
  ],
  [
    'hsts: on',
    [
      expect.stringContaining(
        'services.web.endpoints: is missing; it must be a list of endpoints, each with cloud, region and url',
      ),
    ],
  ],
])('a service without endpoints: %s', (lines, expected) => {
  expect(problemsOf(`version: 1\nservices:\n  web:\n    ${lines}\n`)).toEqual(expected);
});
