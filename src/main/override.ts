import type { OverrideAnswer } from '../compose/override-orders.ts';
import { parseDuration } from '../config/duration.ts';
import type { OverrideVerb } from '../config/read-override.ts';
import { parsePercent } from '../config/share.ts';
import { adminTarget, askAdmin } from './admin-client.ts';
import { CAPACITY, DRAIN, UNDRAIN, WEIGHT } from './commands/ordering.ts';
import { given } from './given.ts';
import { overrideText } from './override-text.ts';
import { EXIT, parsed, UsageError } from './usage.ts';
import { whoAmI } from './who-am-i.ts';

/** `meridian drain`, `undrain`, `weight` and `capacity`: tells a running edge what an operator has decided about endpoints. */
export function overrideCommand(verb: OverrideVerb): (args: string[]) => Promise<number> {
  return async (args) => {
    const { values, positionals } = parsed(SHAPES[verb], args);
    const { service, reason, actor = whoAmI(process.env) } = values;
    const [where, level] = placed(verb, positionals, values);
    const forText = forTime(values.for);
    const order = levelOf(verb, level);
    if (reason === undefined && !lifts(verb, order)) {
      throw new UsageError(`${verb} needs a --reason; everybody who looks at the fleet will want to know`);
    }
    const body = {
      ...where,
      ...order,
      ...given({ service, reason, actor, for: forText, force: values.force }),
    };
    const answer = await askAdmin<OverrideAnswer>(await adminTarget(values), `/${verb}`, body);
    process.stdout.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : overrideText(answer));
    return EXIT.fine;
  };
}

const SHAPES = { drain: DRAIN, undrain: UNDRAIN, weight: WEIGHT, capacity: CAPACITY } as const;

type Where = { readonly cloud: string; readonly region?: string } | { readonly endpoint: string };

/** Where, and the word that says how much. Either is given once. */
function placed(
  verb: OverrideVerb,
  positionals: readonly string[],
  { cloud, endpoint }: { readonly cloud?: string | undefined; readonly endpoint?: string | undefined },
): readonly [Where, string | undefined] {
  const hasLevel = verb === 'weight' || verb === 'capacity';
  const words = positionals.slice(0, hasLevel ? -1 : undefined);
  const level = hasLevel ? positionals.at(-1) : undefined;
  const named = [
    ...words.map(whereOf),
    ...(cloud === undefined ? [] : [{ cloud }]),
    ...(endpoint === undefined ? [] : [{ endpoint }]),
  ];
  const [where, ...more] = named;
  if (where === undefined || more.length > 0 || (hasLevel && level === undefined)) {
    throw new UsageError(`${verb} takes one place${hasLevel ? ' and how much' : ''}, such as: ${EXAMPLES[verb]}`);
  }
  return [where, level];
}

/** `azure`, `gcp/europe-west1`, or the id of an endpoint, which has more parts. */
function whereOf(word: string): Where {
  const parts = word.split('/');
  const [cloud = '', region] = parts;
  if (parts.length > 2) return { endpoint: word };
  return region === undefined ? { cloud } : { cloud, region };
}

const EXAMPLES: Readonly<Record<OverrideVerb, string>> = {
  drain: 'meridian drain gcp/europe-west1 --for 1h --reason "maintenance"',
  undrain: 'meridian undrain gcp/europe-west1',
  weight: 'meridian weight gcp/europe-west1 0.1 --reason "a new version"',
  capacity: 'meridian capacity --endpoint shop/gcp/europe-west1/10.1.0.1:8080 200 --reason "half of the machines"',
};

/** Whether an order only ends what somebody has ordered before. */
function lifts(verb: OverrideVerb, { weight, capacity }: Level): boolean {
  return verb === 'undrain' || weight === 1 || capacity === 'configured';
}

type Level = { readonly weight?: number; readonly capacity?: number | string };

function levelOf(verb: OverrideVerb, level: string | undefined): Level {
  if (verb !== 'weight' && verb !== 'capacity') return {};
  if (verb === 'capacity' && level === 'configured') return { capacity: level };
  const number = verb === 'weight' && level?.endsWith('%') === true ? parsePercent(level) : Number(level);
  if (number === undefined || level?.trim() === '' || !Number.isFinite(number)) {
    throw new UsageError(`"${level}" is no ${verb}; such as: ${EXAMPLES[verb]}`);
  }
  return { [verb]: number };
}

function forTime(text: string | undefined): string | undefined {
  if (text === undefined || parseDuration(text) !== undefined) return text;
  throw new UsageError(`--for ${text} is no time such as 30m, 1h or 1h30m`);
}
