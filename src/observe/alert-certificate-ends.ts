import type { AlertRules } from '../config/topology.ts';
import type { Finding } from './alert.ts';
import type { AlertFacts } from './alert-facts.ts';

const DAY_MS = 24 * 3_600_000;

/** Certificates that end soon or have ended: two findings each, of which the graver one covers the other. */
export function certificateFindings(certificates: AlertFacts['certificates'], rules: AlertRules): readonly Finding[] {
  const { warningMs, criticalMs } = rules.certificate_ends;
  return certificates.flatMap(({ name, leftMs }): Finding[] => {
    const of = (severity: Finding['severity'], coveredBy: readonly string[]): Finding => ({
      key: `certificate_ends/${severity}/${name}`,
      rule: 'certificate_ends',
      name: 'MeridianCertificateEnds',
      severity,
      labels: { certificate: name },
      summary: summaryOf(name, leftMs),
      coveredBy,
    });
    return [
      ...(leftMs < criticalMs ? [of('critical', [])] : []),
      ...(leftMs < warningMs ? [of('warning', [`certificate_ends/critical/${name}`])] : []),
    ];
  });
}

function summaryOf(name: string, leftMs: number): string {
  if (leftMs <= 0) return `the certificate of ${name} has ended: clients refuse it`;
  const days = Math.floor(leftMs / DAY_MS);
  return `the certificate of ${name} ends in ${days} ${days === 1 ? 'day' : 'days'}`;
}
