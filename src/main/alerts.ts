import { adminTarget, askAdmin } from './admin-client.ts';
import { type AlertsAnswer, alertsText } from './alerts-table.ts';
import { isColoured } from './colour.ts';
import { ALERTS } from './commands/asking.ts';
import { EXIT, parsed } from './usage.ts';

/** `meridian alerts`: what a running edge alerts on now. */
export async function alerts(args: string[]): Promise<number> {
  const { values } = parsed(ALERTS, args);
  const answer = await askAdmin<AlertsAnswer>(await adminTarget(values), '/alerts');
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify(answer, null, 2)}\n`
      : alertsText(answer, isColoured(process.stdout, process.env)),
  );
  return EXIT.fine;
}
