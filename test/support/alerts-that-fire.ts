import type { AlertName } from './alert-watch.ts';

/** What fires in a test that breaks things: what the edge says by itself, and what Prometheus does. */
type Fired = { readonly ours: readonly AlertName[]; readonly theirs: readonly AlertName[] };

const BOTH: readonly AlertName[] = [
  'MeridianAcmeFailing critical',
  'MeridianAcmeFailing warning',
  'MeridianBreakerOpen critical',
  'MeridianBreakerOpen warning',
  'MeridianBudgetBurn critical 1h',
  'MeridianBudgetBurn critical 6h',
  'MeridianBudgetBurn warning 24h',
  'MeridianBudgetBurn warning 3d',
  'MeridianCertificateEnds critical',
  'MeridianCertificateEnds warning',
  'MeridianCloudDown critical',
  'MeridianEndpointHealthCritical critical',
  'MeridianEndpointHealthWarning warning',
  'MeridianExperimentStopped warning',
  'MeridianGeoDatabaseOld warning',
  'MeridianNoEndpoints critical',
  'MeridianReloadFailed warning',
];

/** By one edge: test/e2e/broken-edge-alerts.test.ts. The others are about what an edge cannot tell itself, or cannot do any more. */
export const BROKEN_EDGE: Fired = {
  ours: BOTH,
  theirs: [
    ...BOTH,
    'MeridianAlertSinkDown warning',
    'MeridianAuthorityEnds warning',
    'MeridianCertificateRefused warning',
    'MeridianClientAborts warning',
    'MeridianDown critical',
    'MeridianLogDrops warning',
    'MeridianNoTraffic warning',
    'MeridianThreadRestarts critical',
    'MeridianThreadRestarts warning',
  ],
};

/** By edges that share their state: test/e2e/broken-fleet-alerts.test.ts. */
export const BROKEN_FLEET: Fired = {
  ours: ['MeridianEdgeCutOff warning', 'MeridianEdgeMissing critical', 'MeridianEdgeMissing warning'],
  theirs: [
    'MeridianEdgeCutOff warning',
    'MeridianEdgeMissing critical',
    'MeridianEdgeMissing warning',
    'MeridianFleetStoreDown warning',
    'MeridianFleetStoreNotWritable warning',
  ],
};
