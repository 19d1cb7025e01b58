import { expect, test } from 'vitest';
import { eventually } from '../../bench/rig/fleet.ts';
import { makeCertificates } from '../support/certificates.ts';
import { startFleet } from '../support/fleet.ts';
import { freePorts } from '../support/free-ports.ts';
import { lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

test.skipIf(lacks('redis-server', 'openssl'))(
  'rediss: a server is verified, with authorities of its own if it has some',
  async () => {
    const { cert, certFile, keyFile, caFile, ca } = makeCertificates();
    expect(cert).toContain('BEGIN CERTIFICATE');
    const base = await freePorts(2);
    const tls = [
      '--tls-cert-file',
      certFile,
      '--tls-key-file',
      keyFile,
      '--tls-ca-cert-file',
      caFile,
      '--tls-auth-clients',
      'no',
    ];
    await startRedis({ port: base, args: ['--tls-port', String(base + 1), ...tls, '--requirepass', 'horse'] });
    const regions = [{ name: 'a', url: `rediss://default:horse@127.0.0.1:${base + 1}`, ca: caFile }];
    const known = await startFleet('e1', { region: 'a', regions, authorities: { a: ca } });
    await eventually('it is let in', () => known.fleet.status().regions[0]!.connected);
    expect((await known.fleet.put('drain/x', { drained: true })).stored).toBe('primary');
    const stranger = await startFleet('e2', { region: 'a', regions });
    await eventually('it is reported', () => stranger.events.length > 0);
    expect(stranger.fleet.status().regions[0]).toMatchObject({ connected: false });
    expect(stranger.fleet.status().regions[0]!.trouble).toMatch(/certificate/);
    expect(JSON.stringify([stranger.events, stranger.fleet.status()])).not.toContain('horse');
  },
);
