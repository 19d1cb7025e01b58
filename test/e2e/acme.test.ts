import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { PEBBLE_PROGRAMS, type Pebble, startPebble } from '../support/pebble.ts';
import { type Run, run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks } from '../support/programs.ts';

/** Who is shown for a name, verified; rejects when the handshake fails. */
async function shown(port: number, servername: string, ca: string): Promise<PeerCertificate> {
  const socket = connect({ port, host: '127.0.0.1', servername, ca });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

type Edge = {
  readonly http: number;
  readonly https: number;
  readonly folder: string;
  readonly yaml: (pebble: Pick<Pebble, 'directory' | 'ca'>, acme?: string, more?: string) => string;
};

/** Where an edge is to be: known before it starts, since the authority is told. */
async function place(originPort: number): Promise<Edge> {
  const [http, https, folder] = [await freePort(), await freePort(), join(temporaryFolder().path, 'acme')];
  const yaml: Edge['yaml'] = ({ directory, ca }, acme = '', more = '') => `version: 1
edge:
  id: test
  region: aws/us-east-1
  workers: 2
  drain: 0s
  listeners:
    - { name: plain, listen: "127.0.0.1:${http}", redirect: https }
    - name: secure
      listen: "127.0.0.1:${https}"
      tls: { acme: { domains: [shop.example.com, api.example.com], email: ops@example.com, agree_to_terms: true, directory: "${directory}", directory_ca: "${ca}", folder: "${folder}"${acme} } }
admin: { listen: "127.0.0.1:0" }
${more}
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${originPort}" }] } }
`;
  return { http, https, folder, yaml };
}

function start(yaml: string): Run {
  return run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
}

/** Everything that was kept, by its name. */
function kept(folder: string): Readonly<Record<string, string>> {
  const [authority = ''] = readdirSync(folder);
  const files = readdirSync(join(folder, authority)).map((name) => join(folder, authority, name));
  for (const file of files) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  return Object.fromEntries(files.map((file) => [file.slice(file.lastIndexOf('/') + 1), readFileSync(file, 'utf8')]));
}

const NAMES = ['shop.example.com', 'api.example.com'];

describe.skipIf(lacks(...PEBBLE_PROGRAMS))('with an authority', { timeout: 120_000 }, () => {
  test.each(['http-01', 'tls-alpn-01'])(
    'certificates are obtained by %s and shown, and are kept over a restart',
    async (type) => {
      const origin = await startOrigin('x');
      const edge = await place(origin.port);
      const pebble = await startPebble({ httpPort: edge.http, tlsPort: edge.https });
      const yaml = edge.yaml(pebble, `, challenges: [${type}]`);
      const meridian = start(yaml);
      await meridian.printed(/"event":"started"/);
      const root = await pebble.root();
      const first = await vi.waitFor(() => Promise.all(NAMES.map((name) => shown(edge.https, name, root))), {
        timeout: 30_000,
        interval: 200,
      });
      expect(first.map(({ subjectaltname }) => subjectaltname)).toEqual(NAMES.map((name) => `DNS:${name}`));
      expect(Object.keys(kept(edge.folder)).toSorted()).toEqual([
        'account.json',
        'api.example.com.ecdsa.pem',
        'shop.example.com.ecdsa.pem',
      ]);
      meridian.child.kill('SIGKILL');
      await meridian.exit;
      // The authority is not needed for what is there.
      await pebble.kill();
      const again = start(yaml);
      await again.printed(/"event":"started"/);
      const second = await Promise.all(NAMES.map((name) => shown(edge.https, name, root)));
      expect(second.map(({ serialNumber }) => serialNumber)).toEqual(first.map(({ serialNumber }) => serialNumber));
    },
  );
});
