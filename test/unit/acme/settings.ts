import type { AcmeSettings } from '../../../src/config/topology-acme.ts';

/** Settings as a file has them, for tests. */
export function obtainedOf(more: Partial<AcmeSettings> = {}): AcmeSettings {
  return {
    at: ['edge', 'tls', 'acme'],
    domains: ['a.example.com'],
    email: undefined,
    directory: 'https://authority.example/dir',
    directoryCa: undefined,
    externalAccount: undefined,
    keyType: 'ecdsa',
    challenges: ['http-01', 'tls-alpn-01'],
    folder: '/nowhere',
    fleetSecret: undefined,
    ...more,
  };
}
