import type { PeerSpec } from './peer-spec.ts';

/** More requests than a measurement makes: no connection is closed for its age, here or at the other proxies. */
const KEEP = 'keepalive_timeout 300s; keepalive_requests 1000000000;';

/** nginx as a proxy. A body that its client takes slowly waits in the sockets, and not in a file. */
export function nginxProxyText({ folder, port, origins, tls, logs = false }: PeerSpec): string {
  const servers = origins.map((origin) => `    server 127.0.0.1:${origin};`).join('\n');
  const certificate =
    tls === undefined
      ? ''
      : `ssl_certificate ${tls.certFile}; ssl_certificate_key ${tls.keyFile}; ssl_protocols TLSv1.3;`;
  return nginxText(
    folder,
    `  upstream origins {
${servers}
    keepalive 128; keepalive_timeout 300s; keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096${tls === undefined ? '' : ' ssl http2'};
    ${certificate}
    location / {
      proxy_pass http://origins;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_max_temp_file_size 0;
    }
  }`,
    logs ? `${folder}/access.log` : 'off',
  );
}

/** nginx as the origin: files for GET, from memory and by sendfile; a body is taken and thrown away. */
export function nginxOriginText(folder: string, ports: readonly number[]): string {
  const listens = ports.map((port) => `    listen 127.0.0.1:${port} backlog=4096;`).join('\n');
  return nginxText(
    folder,
    `  open_file_cache max=16 inactive=1h; open_file_cache_valid 1h;
  sendfile on; tcp_nopush on;
  server {
${listens}
    location /bytes/ { root ${folder}; }
    location / { return 200 "taken\\n"; }
  }`,
  );
}

/** One worker, in the foreground, and every file of its own inside the folder. */
function nginxText(folder: string, http: string, log = 'off'): string {
  const root = process.getuid?.() === 0 ? 'user root root;\n' : '';
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n');
  return `${root}daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 16384; }
http {
${temporary}
  access_log ${log};
  default_type application/octet-stream;
  ${KEEP}
${http}
}
`;
}
