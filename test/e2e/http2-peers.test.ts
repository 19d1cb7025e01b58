import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type H2Rig, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { lacks } from '../support/programs.ts';

const run = promisify(execFile);
const BODY = 'some bytes of body '.repeat(2000);

async function rigOf(): Promise<H2Rig & { readonly caFile: string; readonly folder: string }> {
  const origin = await startOrigin('one', (_, response, body) => response.end(body.length === 0 ? BODY : body));
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const folder = await mkdtemp(join(tmpdir(), 'meridian-h2-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, rig.ca);
  return { ...rig, caFile, folder };
}

test.skipIf(lacks('curl'))('curl', async () => {
  const rig = await rigOf();
  const upload = join(rig.folder, 'upload');
  writeFileSync(upload, BODY.repeat(30));
  const curl = (...more: string[]): Promise<{ stdout: string }> =>
    run('curl', ['-sS', '--http2', '--cacert', rig.caFile, '-w', ' %{http_version} %{response_code}', ...more], {
      maxBuffer: 1e8,
    });
  const url = `https://localhost:${rig.port}/`;
  expect((await curl(url)).stdout).toBe(`${BODY} 2 200`);
  expect((await curl('-T', upload, url)).stdout).toBe(`${BODY.repeat(30)} 2 200`);
  expect((await curl('-T', upload, '-H', 'Expect: 100-continue', url)).stdout).toBe(`${BODY.repeat(30)} 2 200`);
  expect((await curl('--compressed', '-I', url)).stdout).toMatch(/^HTTP\/2 200/);
});

test.skipIf(lacks('nghttp', 'h2load'))('nghttp and h2load', async () => {
  const rig = await rigOf();
  const url = `https://127.0.0.1:${rig.port}/`;
  const { stdout } = await run('nghttp', ['-v', '-m', '20', url], { maxBuffer: 1e8 });
  expect(stdout.match(/:status: 200/g)).toHaveLength(20);
  expect(stdout).not.toMatch(/RST_STREAM|error_code=(?!NO_ERROR)/);
  const load = await run('h2load', ['-n', '2000', '-c', '4', '-m', '32', url]);
  expect(load.stdout).toMatch(/2000 succeeded, 0 failed, 0 errored/);
});

/** A client of python3-h2, which is strict about what a server may say. */
const PYTHON = `
import socket, ssl, sys
import h2.connection, h2.events
port, ca = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=ca)
context.set_alpn_protocols(['h2'])
sock = context.wrap_socket(socket.create_connection(('127.0.0.1', port)), server_hostname='localhost')
conn = h2.connection.H2Connection()
conn.initiate_connection()
conn.update_settings({4: 1000})
fields = [(':method', 'POST'), (':scheme', 'https'), (':path', '/'), (':authority', 'localhost')]
for stream in range(1, 21, 2):
    conn.send_headers(stream, fields)
    conn.send_data(stream, b'x' * 5000)
    conn.send_headers(stream, [('x-sum', '1')], end_stream=True)
sock.sendall(conn.data_to_send())
got, ended = {}, 0
while ended < 10:
    data = sock.recv(65536)
    if not data:
        raise SystemExit('the connection ended')
    for event in conn.receive_data(data):
        if isinstance(event, h2.events.DataReceived):
            got[event.stream_id] = got.get(event.stream_id, 0) + len(event.data)
            conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            ended += 1
        elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
            raise SystemExit(repr(event))
    sock.sendall(conn.data_to_send())
print(sorted(set(got.values())), len(got))
`;

async function hasPythonH2(): Promise<boolean> {
  return run('/usr/bin/python3', ['-c', 'import h2']).then(
    () => true,
    () => false,
  );
}

test.skipIf(!(await hasPythonH2()))('python3-h2, through windows of 1,000 bytes', async () => {
  const rig = await rigOf();
  const { stdout } = await run('/usr/bin/python3', ['-c', PYTHON, String(rig.port), rig.caFile]);
  expect(stdout.trim()).toBe('[5000] 10');
});
