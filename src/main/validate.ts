import { namedFileFaults } from '../compose/named-files.ts';
import { unservedCountries } from '../config/fence-match.ts';
import { loadTopology, locateFaults } from '../config/load.ts';
import { endpointsOf } from '../config/owners.ts';
import { formatProblems, type Problem } from '../config/problem.ts';
import type { Service, Topology } from '../config/topology.ts';
import { type Cloud, isKnownCloud } from '../config/topology-cloud.ts';
import { type FasterSetting, fasterSettings } from '../geo/faster-setting.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { VALIDATE } from './commands/serving.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** Checks a file and the files that it names: prints what it holds and exits 0, or every problem and exits 1. */
export async function validate(args: string[]): Promise<number> {
  const { positionals, values } = parsed(VALIDATE, args);
  const file = values.config ?? positionals[0];
  if (file === undefined || positionals.length > 1) throw new UsageError('validate takes one file');
  const checked = await check(file, values['no-files'] !== true);
  if (values.json === true) process.stdout.write(`${JSON.stringify({ file, ...checked }, null, 2)}\n`);
  else if (checked.ok) process.stdout.write(goodText(file, checked));
  else process.stderr.write(`${formatProblems(file, checked.problems)}\n`);
  return checked.ok ? EXIT.fine : EXIT.failed;
}

type Checked =
  | {
      readonly ok: true;
      readonly services: number;
      readonly endpoints: number;
      readonly unserved: readonly Unserved[];
      /** Clouds that the file declares, and in which it has neither an endpoint nor the edge. */
      readonly idleClouds: readonly Cloud[];
      /** Services with rules for clients that have shown a certificate, when no listener asks for one. */
      readonly unasked: readonly string[];
      /** Where clients of whole countries would be served faster by another `latency_from`. */
      readonly faster: readonly FasterSetting[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Countries whose clients nobody may serve, for the fences of a service leave none. */
type Unserved = { readonly service: string; readonly countries: readonly string[] };

/** Countries that are named; the others are counted. */
const COUNTRIES_NAMED_MAX = 12;
/** … and those of which it is said how much faster they would be served. */
const COUNTRIES_SHOWN_MAX = 5;

function goodText(file: string, checked: Extract<Checked, { ok: true }>): string {
  const { services, endpoints, unserved, idleClouds, unasked, faster } = checked;
  const lines = unserved.map(({ service, countries }) => {
    const more = countries.length - COUNTRIES_NAMED_MAX;
    const named = countries.slice(0, COUNTRIES_NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return `${file}: services.${service}: its fences let nobody serve clients of ${countries.length} countries: ${named}\n`;
  });
  lines.push(...idleClouds.map((cloud) => `${file}: clouds.${cloud}: no endpoint is there\n`));
  lines.push(
    ...unasked.map(
      (service) =>
        `${file}: services.${service}: a rule of match asks for a client_certificate, and no listener has tls.client_ca, so that it never matches\n`,
    ),
  );
  lines.push(...faster.map((one) => `${file}: ${fasterText(one)}\n`));
  return `${file}: good; ${counted(services, 'service')}, ${counted(endpoints, 'endpoint')}\n${lines.join('')}`;
}

/** Which countries win, how much, and what is to be written instead. */
function fasterText({ service, latencyFrom, countries }: FasterSetting): string {
  const gains = Object.entries(countries);
  const shown = gains.slice(0, COUNTRIES_SHOWN_MAX).map(([country, ms]) => `${country} by ${ms} ms`);
  const more = gains.length - shown.length;
  const named =
    shown.join(', ') + (more > 0 ? ` and ${more} more by up to ${Math.max(...Object.values(countries))} ms` : '');
  const all = counted(gains.length, 'country').replace(/ys$/, 'ies');
  const why =
    latencyFrom === 'edge'
      ? 'answers come through this edge, so what counts is how far endpoints are from here (leave it where this edge stands in for others that are near their clients)'
      : 'clients are redirected and go to the endpoint themselves, so what counts is how far it is from them';
  return `services.${service}: by estimate, clients of ${all} would be served faster with routing.latency_from: ${latencyFrom}: ${named}; ${why}`;
}

async function check(file: string, withFiles: boolean): Promise<Checked> {
  const result = await loadTopology(file, process.env);
  if (!result.ok) return result;
  // Where the files are not: a file for another machine, checked before it is sent there.
  const faults = withFiles ? await namedFileFaults(result.topology, wallClockMs()) : [];
  if (faults.length > 0) return { ok: false, problems: await locateFaults(file, faults) };
  const { services, clouds, edge } = result.topology;
  const endpoints = endpointsOf(result.topology);
  const unserved = services
    .filter(({ fences }) => fences.length > 0)
    .map((service) => ({ service: service.name, countries: unservedCountries(service) }))
    .filter(({ countries }) => countries.length > 0);
  const used = new Set([edge, ...endpoints].map(({ cloud }) => cloud));
  const idle = clouds.filter((cloud) => !isKnownCloud(cloud) && !used.has(cloud));
  const faster = fasterSettings(result.topology);
  return {
    ok: true,
    services: services.length,
    endpoints: endpoints.length,
    unserved,
    idleClouds: idle,
    unasked: unaskedServices(result.topology),
    faster,
  };
}

function unaskedServices({ services, edge }: Topology): readonly string[] {
  if (edge.listeners.some(({ tls }) => tls?.clients !== undefined)) return [];
  const asks = ({ match }: Service) => match.some(({ conditions }) => conditions?.certificate?.shown === true);
  return services.filter(asks).map(({ name }) => name);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
