import type { PeerSpec } from './peer-spec.ts';

/** HAProxy with one thread. Requests that went wrong are logged; the others where all are. */
export function haproxyText({ port, origins, tls, logs = false }: PeerSpec): string {
  const servers = origins.map((origin, i) => `  server origin${i} 127.0.0.1:${origin} check inter 10s`).join('\n');
  const secured = tls === undefined ? '' : ` ssl crt ${tls.bundleFile} ssl-min-ver TLSv1.3 alpn h2,http/1.1`;
  return `global
  nbthread 1
  maxconn 4096
  log stderr format raw local0

defaults
  mode http
  log global
  option httplog
${logs ? '' : '  option dontlog-normal\n'}  option forwardfor
  http-reuse always
  timeout connect 1s
  timeout client 300s
  timeout server 15s
  timeout http-keep-alive 300s

frontend edge
  bind 127.0.0.1:${port} backlog 4096${secured}
  http-request set-header X-Forwarded-Proto ${tls === undefined ? 'http' : 'https'}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  default_backend origins

backend origins
  balance roundrobin
  option httpchk GET /healthz
${servers}
`;
}
