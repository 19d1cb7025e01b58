import type { Family } from './family.ts';

/** When a certificate in use ends. `use` is the key of the file that names it; `service` is empty for that of the edge. */
export type CertificateEnd = { readonly use: string; readonly service: string; readonly endMs: number };

/** When the chain with this first name ends that listeners show: that of its certificates that ends first, and when it began. */
export type NamedEnd = { readonly name: string; readonly beginMs: number; readonly endMs: number };

export type ConfigFacts = {
  /** A text that is another one when the topology in force is. */
  readonly hash: () => string;
  /** When it came into force, and now, by the wall clock. */
  readonly sinceMs: () => number;
  readonly wallMs: () => number;
  readonly certificates: () => readonly CertificateEnd[];
  readonly shown: () => readonly NamedEnd[];
  /** By service, how long ago its host names were last answered for; the oldest of them. */
  readonly dnsAgesMs: () => ReadonlyMap<string, number>;
};

/** Which configuration is in force, and how long what it names will do. */
export function configFamilies({
  hash,
  sinceMs,
  wallMs,
  certificates,
  shown,
  dnsAgesMs,
}: ConfigFacts): readonly Family[] {
  return [
    {
      name: 'meridian_config_info',
      help: 'Always 1; the label is the same on edges whose topology in force is the same.',
      type: 'gauge',
      samples: () => [{ labels: { hash: hash() }, value: 1 }],
    },
    {
      name: 'meridian_config_age_seconds',
      help: 'Time since the topology in force came into force.',
      type: 'gauge',
      samples: () => [{ labels: {}, value: (wallMs() - sinceMs()) / 1000 }],
    },
    {
      name: 'meridian_certificate_end_timestamp_seconds',
      help: 'When the first of the certificates in a file ends, in Unix time, by what it is for.',
      type: 'gauge',
      samples: () =>
        certificates().map(({ use, service, endMs }) => ({ labels: { use, service }, value: endMs / 1000 })),
    },
    {
      name: 'meridian_certificate_not_after_seconds',
      help: 'When the first certificate of a chain that listeners show ends, in Unix time, by its first name.',
      type: 'gauge',
      samples: () => shown().map(({ name, endMs }) => ({ labels: { name }, value: endMs / 1000 })),
    },
    {
      name: 'meridian_certificate_not_before_seconds',
      help: 'When the same certificate began to be good, in Unix time.',
      type: 'gauge',
      samples: () => shown().map(({ name, beginMs }) => ({ labels: { name }, value: beginMs / 1000 })),
    },
    {
      name: 'meridian_dns_answer_age_seconds',
      help: 'Time since the host names of a service were last answered for in whole; the oldest of them.',
      type: 'gauge',
      samples: () => [...dnsAgesMs()].map(([service, ms]) => ({ labels: { service }, value: ms / 1000 })),
    },
  ];
}
