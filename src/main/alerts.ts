import { dirname, join } from 'node:path';
import { wallClockMs } from '../table/system-clock.ts';
import { adminTarget, askAdmin } from './admin-client.ts';
import { type AlertsAnswer, alertsText } from './alerts-table.ts';
import { isColoured } from './colour.ts';
import { ALERTS } from './commands/asking.ts';
import { pagesFile } from './pages.ts';
import { EXIT, parsed } from './usage.ts';

/** `meridian alerts`: what a running edge alerts on now. */
export async function alerts(args: string[]): Promise<number> {
  const { values } = parsed(ALERTS, args);
  const answer = await askAdmin<AlertsAnswer>(await adminTarget(values), '/alerts');
  const pages = pagesFile();
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify(answer, null, 2)}\n`
      : alertsText(answer, {
          coloured: isColoured(process.stdout, process.env),
          nowMs: wallClockMs(),
          runbooks: pages === undefined ? undefined : join(dirname(pages), 'runbooks'),
        }),
  );
  return EXIT.fine;
}
