import { expect, test } from 'vitest';
import { caddyText } from '../../bench/peers/caddy-text.ts';
import { haproxyText } from '../../bench/peers/haproxy-text.ts';
import { nginxOriginText, nginxProxyText } from '../../bench/peers/nginx-text.ts';
import type { PeerSpec } from '../../bench/peers/peer-spec.ts';

// A comparison is worth what its peers are set to: what makes it fair is held here.

const plain: PeerSpec = { folder: '/f', port: 4000, origins: [5001, 5002] };
const tls: PeerSpec = { ...plain, tls: { certFile: '/f/c.pem', keyFile: '/f/k.pem', bundleFile: '/f/b.pem' } };
const ALL = { nginx: nginxProxyText, haproxy: haproxyText, caddy: caddyText };

test.each(Object.entries(ALL))('%s listens on loopback only and knows every origin', (_, text) => {
  const written = text(plain);
  expect(written).toMatch(/127\.0\.0\.1:4000\b|bind 127\.0\.0\.1\n/);
  for (const port of plain.origins) expect(written.split(`127.0.0.1:${port}`)).toHaveLength(2);
  expect(written).not.toContain('/f/c.pem');
});

test('nginx keeps connections to origins, forwards the address, and logs no request', () => {
  const text = nginxProxyText(plain);
  for (const part of [
    'keepalive 128;',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_add_x_forwarded_for;',
    'access_log off;',
    'worker_processes 1;',
    'daemon off;',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/error_log \/f\/error\.log warn;/);
});

test('nginx and the origin put every file into their folder', () => {
  for (const text of [nginxProxyText(tls), nginxOriginText('/f', [5001])]) {
    for (const [, path] of text.matchAll(/\s(\/[^\s;]+)/g)) expect(path).toMatch(/^\/(?:f(?:\/|$)|$|bytes\/$)/);
    expect(text).not.toMatch(/\binclude\b/);
  }
});

test('HAProxy has one thread, uses connections of others again, and logs what went wrong only', () => {
  const text = haproxyText(plain);
  for (const part of ['nbthread 1', 'http-reuse always', 'option forwardfor', 'option dontlog-normal']) {
    expect(text).toContain(part);
  }
});

test('Caddy opens no admin port, fetches no certificate, and logs errors only', () => {
  expect(caddyText(plain)).toMatch(/admin off\n {2}auto_https off\n[\s\S]*level ERROR/);
  expect(caddyText(plain)).toContain('http://127.0.0.1:4000 {');
});

test('with TLS each serves the certificate it was given', () => {
  expect(nginxProxyText(tls)).toMatch(
    /listen 127\.0\.0\.1:4000 backlog=4096 ssl http2;\s+ssl_certificate \/f\/c\.pem; ssl_certificate_key \/f\/k\.pem; ssl_protocols TLSv1\.3;/,
  );
  expect(haproxyText(tls)).toContain('ssl crt /f/b.pem ssl-min-ver TLSv1.3');
  expect(caddyText(tls)).toMatch(/https:\/\/127\.0\.0\.1:4000 \{[\s\S]*tls \/f\/c\.pem \/f\/k\.pem/);
});
