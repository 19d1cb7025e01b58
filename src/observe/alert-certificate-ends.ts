import type { AlertRules } from '../config/topology.ts';
import type { Finding } from './alert.ts';
import type { AlertFacts } from './alert-facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Of a lifetime, what may be left before it is worth a warning, and critical, however long the file has for it: what renews itself does it with a third
 * left, so that days that are right for 90 would warn of every certificate of six.
 */
export const WARNING_SHARE = 1 / 4;
export const CRITICAL_SHARE = 1 / 12;

/** Certificates that end soon or have ended: two findings each, of which the graver one covers the other. */
export function certificateFindings(certificates: AlertFacts['certificates'], rules: AlertRules): readonly Finding[] {
  const { warningMs, criticalMs } = rules.certificate_ends;
  return certificates.flatMap(({ name, leftMs, lifetimeMs }): Finding[] => {
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
      ...(leftMs < Math.min(criticalMs, lifetimeMs * CRITICAL_SHARE) ? [of('critical', [])] : []),
      ...(leftMs < Math.min(warningMs, lifetimeMs * WARNING_SHARE)
        ? [of('warning', [`certificate_ends/critical/${name}`])]
        : []),
    ];
  });
}

function summaryOf(name: string, leftMs: number): string {
  if (leftMs <= 0) return `the certificate of ${name} has ended: clients refuse it`;
  if (leftMs < 2 * DAY_MS) {
    const hours = Math.floor(leftMs / HOUR_MS);
    return `the certificate of ${name} ends in ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
  }
  const days = Math.floor(leftMs / DAY_MS);
  return `the certificate of ${name} ends in ${days} days`;
}
