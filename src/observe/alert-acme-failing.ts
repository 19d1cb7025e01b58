import type { ObtainedFact } from './acme-families.ts';
import type { Finding } from './alert.ts';

/** From so many failures in a row on it is no passing trouble. */
export const FAILURES_MIN = 3;

/**
 * Certificates that cannot be obtained or renewed: critical where there is none at all, so that the name is not served. Another rule
 * notifies of what ends soon, whoever was to renew it.
 */
export function acmeFindings(obtained: readonly ObtainedFact[]): readonly Finding[] {
  return obtained.flatMap(({ name, directory, notAfterMs, failures, error }): Finding[] => {
    if (failures < FAILURES_MIN) return [];
    const host = URL.parse(directory)?.host ?? directory;
    const what = notAfterMs === undefined ? 'there is no certificate of' : 'nobody renews the certificate of';
    return [
      {
        key: `acme_failing/${name}`,
        rule: 'acme_failing',
        name: 'MeridianAcmeFailing',
        severity: notAfterMs === undefined ? 'critical' : 'warning',
        labels: { certificate: name, authority: host },
        summary: `${what} ${name}: ${failures} orders in a row have failed at ${host}, the last: ${error}`,
        coveredBy: [],
      },
    ];
  });
}
