import type { PeerSpec } from './peer-spec.ts';

/** Caddy over HTTP/1.1. It adds the three `X-Forwarded` headers by itself, and logs requests only where told to. */
export function caddyText({ folder, port, origins, tls, logs = false }: PeerSpec): string {
  const address = tls === undefined ? `http://127.0.0.1:${port}` : `https://127.0.0.1:${port}`;
  const certificate = tls === undefined ? '' : `  tls ${tls.certFile} ${tls.keyFile}\n`;
  return `{
  admin off
  auto_https off
  log {
    output stderr
    level ERROR
  }
  servers {
    protocols h1
  }
}
${address} {
  bind 127.0.0.1
${logs ? `  log {\n    output file ${folder}/access.log\n  }\n` : ''}${certificate}  reverse_proxy ${origins.map((origin) => `127.0.0.1:${origin}`).join(' ')} {
    lb_policy round_robin
    health_uri /healthz
    health_interval 10s
  }
}
`;
}
