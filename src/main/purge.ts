import { adminTarget, askAdmin } from './admin-client.ts';
import { PURGE } from './commands/ordering.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

type Purged = { readonly threads: number };

/** `meridian purge`: has every edge thread forget copies. One that could not is a failure, in the edge's own words. */
export async function purge(args: string[]): Promise<number> {
  const { values, positionals } = parsed(PURGE, args);
  const [service, ...more] = positionals;
  const { url, prefix, all } = values;
  const whats = [url, prefix, all].filter((what) => what !== undefined);
  if (service === undefined || more.length > 0 || whats.length !== 1) {
    throw new UsageError(`purge takes a service and one of --url, --prefix and --all, such as: ${PURGE.examples[0]}`);
  }
  const order = { service, ...(url === undefined ? {} : { url }), ...(prefix === undefined ? {} : { prefix }) };
  const answer = await askAdmin<Purged>(
    await adminTarget(values),
    '/cache/purge',
    all === true ? { ...order, all } : order,
  );
  const what = url ?? (prefix === undefined ? 'everything' : `what begins with ${prefix}`);
  const text = `${answer.threads} edge thread${answer.threads === 1 ? ' has' : 's have'} forgotten ${what} of ${service}.\n`;
  process.stdout.write(values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : text);
  return EXIT.fine;
}
