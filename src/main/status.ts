import { wallClockMs } from '../table/system-clock.ts';
import { type AdminTarget, adminTarget } from './admin-client.ts';
import { isColoured } from './colour.ts';
import { STATUS } from './commands/asking.ts';
import { viewEdge } from './edge-view.ts';
import { type Ready, statusText } from './status-table.ts';
import { EXIT, parsed } from './usage.ts';

const TIMEOUT_MS = 10_000;

/** `meridian status`: how a running edge and its endpoints are. */
export async function status(args: string[]): Promise<number> {
  const { values } = parsed(STATUS, args);
  const target = await adminTarget(values);
  const view = await viewEdge(target, values.service);
  const ready = await askReady(target);
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ edge: view.edge, ...ready, ...view.status }, null, 2)}\n`
      : statusText(view, ready, isColoured(process.stdout, process.env), wallClockMs()),
  );
  return EXIT.fine;
}

async function askReady({ url }: AdminTarget): Promise<Ready> {
  const answer = await fetch(`${url}/readyz?verbose`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const lines = (await answer.text()).split('\n').filter((line) => /^\[[+-]\]/.test(line));
  return { ready: answer.ok, checks: lines };
}
