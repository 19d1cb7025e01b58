import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates } from '../support/certificates.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

test.each([
  ['wire', (yaml: string) => yaml],
  ['general', withoutWire],
])('%s: a client may not renegotiate TLS 1.2', async (_, engine) => {
  const origin = await startOrigin('x');
  const tls = makeCertificates();
  const rig = await startRig(engine(threeCloudsYaml([origin.port, origin.port, origin.port])), { tls });
  const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${rig.port}`, '-tls1_2', '-CAfile', tls.caFile]);
  onTestFinished(() => void client.kill('SIGKILL'));
  let [out, err] = ['', ''];
  client.stdin.on('error', () => {});
  client.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
  });
  client.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
    // A line with nothing but R has openssl renegotiate.
    if (out.includes('Verify return code') && !client.stdin.writableEnded) client.stdin.end('R\n');
  });
  await new Promise((resolve) => client.once('close', resolve));
  expect(out).toMatch(/Protocol\s+: TLSv1\.2/);
  expect(err).toMatch(/RENEGOTIATING/);
  expect(err).toMatch(/no renegotiation/);
});
