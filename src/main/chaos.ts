import { adminTarget, askAdmin } from './admin-client.ts';
import { type ChaosAnswer, chaosText } from './chaos-table.ts';
import { CHAOS_LIST } from './commands/asking.ts';
import { CHAOS_START, CHAOS_STOP } from './commands/ordering.ts';
import { given } from './given.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** `meridian chaos list` */
export async function chaosList(args: string[]): Promise<number> {
  const { values } = parsed(CHAOS_LIST, args);
  return shown(await askAdmin<ChaosAnswer>(await adminTarget(values), '/chaos'), values);
}

/** `meridian chaos start NAME`: what the options do not say, the experiment of this name in the file does. */
export async function chaosStart(args: string[]): Promise<number> {
  const { values, positionals } = parsed(CHAOS_START, args);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new UsageError(`chaos start takes one name, such as: ${CHAOS_START.examples[0]}`);
  }
  const { kind, radius, delay, keep, fleet, service, cloud, region, endpoint, priority } = values;
  const scope = given({ service, cloud, region, endpoint, priority });
  const order = {
    name,
    ...given({ kind, radius, for: values.for, delay, keep, fleet }),
    ...given({ answer: answerOf(values.answer), error_rate: values['error-rate'] }),
    ...given({ health_checks: values['health-checks'] }),
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
  };
  return shown(await askAdmin<ChaosAnswer>(await adminTarget(values), '/chaos/start', order), values);
}

/** `meridian chaos stop NAME`, or `--all` */
export async function chaosStop(args: string[]): Promise<number> {
  const { values, positionals } = parsed(CHAOS_STOP, args);
  const [name, ...more] = positionals;
  if (more.length > 0 || (name === undefined) !== (values.all === true)) {
    throw new UsageError('chaos stop takes one name, or --all');
  }
  const order = name === undefined ? {} : { name };
  return shown(await askAdmin<ChaosAnswer>(await adminTarget(values), '/chaos/stop', order), values);
}

function shown(answer: ChaosAnswer, { json }: { readonly json?: boolean | undefined }): number {
  process.stdout.write(json === true ? `${JSON.stringify(answer, null, 2)}\n` : chaosText(answer));
  return EXIT.fine;
}

/** A status is a number, `reset` and `refused` are words. */
function answerOf(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
