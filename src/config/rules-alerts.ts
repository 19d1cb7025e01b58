import type { Fault } from './kind.ts';
import { asMapping, type Mapping } from './raw.ts';
import { ALERT_RULES } from './schema-alerts.ts';
import { share } from './share.ts';
import { complete } from './zod-schema.ts';

/** What is critical must be worth a warning too. */
export function alertFaults(root: Mapping): readonly Fault[] {
  const rules = asMapping(asMapping(root['alerts'])['rules']);
  const critical = belowOf('health_critical', rules);
  const warning = belowOf('health_warning', rules);
  if (critical <= warning) return [];
  const at = asMapping(rules['health_warning'])['below'] === undefined ? 'health_critical' : 'health_warning';
  const message = `makes health_critical.below (${critical}) higher than health_warning.below (${warning}); it must not be`;
  return [{ path: ['alerts', 'rules', at, 'below'], message }];
}

function belowOf(name: 'health_critical' | 'health_warning', rules: Mapping): number {
  const read = share.read(asMapping(rules[name])['below']);
  return read.ok ? read.value : complete(ALERT_RULES[name]).below;
}
