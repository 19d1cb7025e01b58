import { parseDuration } from '../config/duration.ts';
import type { ShownValue } from '../fleet/values/shown-value.ts';
import { type AdminTarget, adminTarget, askAdmin, askAs } from './admin-client.ts';
import { FLEET_GET, FLEET_LIST, FLEET_WATCH } from './commands/asking.ts';
import { FLEET_DELETE, FLEET_SET } from './commands/ordering.ts';
import { EXIT, parsed, UsageError } from './usage.ts';
import { valueLine, valuesTable, valueText, writtenText } from './values-table.ts';
import { whoAmI } from './who-am-i.ts';

type Listed = { readonly cursor: string; readonly values: readonly ShownValue[] };

/** How long one question of a watch waits for news. */
const WAIT_S = 20;
const PAUSE_MS = 1000;

/** `meridian fleet get KEY`: prints the value, and nothing else, so that scripts can use it. */
export async function fleetGet(args: string[]): Promise<number> {
  const { values, positionals } = parsed(FLEET_GET, args);
  const [key] = named('get', positionals, 1, FLEET_GET.examples[0]);
  const { consistency } = values;
  const answer = await askAdmin<ShownValue>(await adminTarget(values), pathOf(key, { consistency }));
  process.stdout.write(values.json ? jsonText(answer) : valueText(answer));
  return EXIT.fine;
}

/** `meridian fleet set KEY VALUE`: what is no JSON is a text. With `--add` a counter is counted on. */
export async function fleetSet(args: string[]): Promise<number> {
  const { values, positionals } = parsed(FLEET_SET, args);
  const [key, word] = named('set', positionals, values.add === undefined ? 2 : 1, FLEET_SET.examples[0]);
  const value = values.add === undefined ? valueOf(word as string) : { add: numberOf(values.add) };
  if (value === null) throw new UsageError('null is no value; meridian fleet delete removes a key');
  return order(key, values, { method: 'PUT', text: JSON.stringify(value) });
}

/** `meridian fleet delete KEY` */
export async function fleetDelete(args: string[]): Promise<number> {
  const { values, positionals } = parsed(FLEET_DELETE, args);
  const [key] = named('delete', positionals, 1, FLEET_DELETE.examples[0]);
  return order(key, values, { method: 'DELETE' });
}

/** `meridian fleet list [PREFIX]` */
export async function fleetList(args: string[]): Promise<number> {
  const { values, positionals } = parsed(FLEET_LIST, args);
  const prefix = prefixOf('list', positionals);
  const listed = await askAdmin<Listed>(await adminTarget(values), listPath({ prefix }));
  process.stdout.write(values.json ? jsonText(listed) : valuesTable(listed.values));
  return EXIT.fine;
}

/** `meridian fleet watch [PREFIX]`: a line for each value that there is, and for each change from then on. */
export async function fleetWatch(args: string[]): Promise<number> {
  const { values, positionals } = parsed(FLEET_WATCH, args);
  const prefix = prefixOf('watch', positionals);
  const forMs = values.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.for);
  if (forMs === undefined) throw new UsageError(`--for ${values.for} is no time such as 30s or 1h`);
  const target = await adminTarget(values);
  const print = ({ values: news }: Listed) => {
    for (const one of news) process.stdout.write(values.json ? `${JSON.stringify(one)}\n` : valueLine(one));
  };
  const untilMs = Date.now() + forMs;
  let listed = await askAdmin<Listed>(target, listPath({ prefix }));
  print(listed);
  for (let leftMs = forMs; leftMs > 0; leftMs = untilMs - Date.now()) {
    listed = await next(target, prefix, listed.cursor, Math.min(WAIT_S, Math.ceil(leftMs / 1000)));
    print(listed);
  }
  return EXIT.fine;
}

/** An edge that is being restarted is asked again; whoever watches has time. */
async function next(target: AdminTarget, prefix: string, after: string, waitS: number): Promise<Listed> {
  try {
    const path = listPath({ prefix, after, wait: `${waitS}s` });
    return await askAs<Listed>(target, path, { timeoutMs: (waitS + 10) * 1000 });
  } catch (error) {
    if (!(error as Error).message.startsWith('no edge answers')) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return { cursor: after, values: [] };
  }
}

type OrderValues = Parameters<typeof adminTarget>[0] & {
  readonly json?: boolean | undefined;
  readonly actor?: string | undefined;
  readonly consistency?: string | undefined;
  readonly 'if-version'?: string | undefined;
  readonly 'if-absent'?: boolean | undefined;
};

async function order(key: string, values: OrderValues, manner: { method: string; text?: string }): Promise<number> {
  const { consistency, actor = whoAmI(process.env) } = values;
  const version = values['if-version'];
  const headers = {
    ...(version === undefined
      ? {}
      : { 'if-match': version === '*' || version.startsWith('"') ? version : `"${version}"` }),
    ...(values['if-absent'] === true ? { 'if-none-match': '*' } : {}),
  };
  const answer = await askAs<ShownValue & { readonly stored: string; readonly trouble?: string }>(
    await adminTarget(values),
    pathOf(key, { consistency, actor }),
    { ...manner, headers },
  );
  process.stdout.write(values.json === true ? jsonText(answer) : writtenText(answer));
  return EXIT.fine;
}

function named(verb: string, positionals: readonly string[], count: number, example: string): [string, ...string[]] {
  if (positionals.length === count) return positionals as unknown as [string, ...string[]];
  const takes = count === 1 ? 'a key' : 'a key and a value';
  throw new UsageError(`fleet ${verb} takes ${takes}, such as: ${example}`);
}

function prefixOf(verb: string, positionals: readonly string[]): string {
  if (positionals.length > 1) throw new UsageError(`fleet ${verb} takes one prefix, such as flags/`);
  return positionals[0] ?? '';
}

function pathOf(key: string, query: Readonly<Record<string, string | undefined>>): string {
  const path = key.split('/').map(encodeURIComponent).join('/');
  return `/fleet/values/${path}${queryText(query)}`;
}

function listPath(query: Readonly<Record<string, string>>): string {
  return `/fleet/values${queryText(query)}`;
}

function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function valueOf(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return word;
  }
}

function numberOf(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new UsageError(`--add ${text} is no number`);
}

function jsonText(answer: object): string {
  return `${JSON.stringify(answer, null, 2)}\n`;
}
