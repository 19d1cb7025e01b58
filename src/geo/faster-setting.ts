import { COUNTRIES } from '../config/countries.ts';
import { admits, coversCountry, siteOf } from '../config/fence-match.ts';
import type { Place, Service, Topology } from '../config/topology.ts';
import { countryPoints } from './country-points.ts';
import { estimateRttMs, expectedRttMs } from './estimate.ts';
import { POPULOUS } from './populous.ts';

/** Estimates are off by 8 ms in the median, and so is each of the two that are compared here: what is less than this is no news. */
export const NEWS_MS = 20;

/** That clients of whole countries would have their answers sooner by another `latency_from`. */
export type FasterSetting = {
  readonly service: string;
  readonly latencyFrom: 'client' | 'edge';
  /** By how many milliseconds, of each country, as estimated; countries with many clients first. */
  readonly countries: Readonly<Record<string, number>>;
};

/**
 * Services whose clients would be served faster if latency were counted from somewhere else. The way that an answer travels is known:
 * by this edge, whichever endpoint gives it, or, where clients are redirected, straight from the endpoint. The setting says by which leg endpoints
 * are compared; where that is not the way, the nearest by it may be far by the other.
 *
 * Says nothing of an edge whose file does not say where it stands, nor of one of a fleet that goes by its clients: it stands
 * among them, and those of far countries go to other edges.
 */
export function fasterSettings({
  edge,
  services,
  fleet,
}: Pick<Topology, 'edge' | 'services' | 'fleet'>): FasterSetting[] {
  return services.flatMap((service) => {
    const { mode, name, routing } = service;
    const isRight = routing.latencyFrom === (mode === 'proxy' ? 'edge' : 'client');
    if (isRight || service.endpoints.length < 2 || !edge.placed) return [];
    if (mode === 'proxy' && fleet !== undefined) return [];
    const countries = gains(service, edge.place);
    if (Object.keys(countries).length === 0) return [];
    return [{ service: name, latencyFrom: mode === 'proxy' ? 'edge' : 'client', countries }];
  });
}

/** What clients of each country would win by the other leg, in ms. */
function gains(service: Service, edge: Place): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const country of byClients()) {
    const points = countryPoints(country);
    const near = points && admitted(service, country);
    if (points === undefined || near === undefined || near.length < 2) continue;
    const fromClient = near.map((place) => expectedRttMs(points, place));
    const fromEdge = near.map((place) => estimateRttMs(edge, place));
    const [counted, travelled] = service.mode === 'proxy' ? [fromClient, fromEdge] : [fromEdge, fromClient];
    const ms = (travelled[leastAt(counted)] as number) - Math.min(...travelled);
    if (ms >= NEWS_MS) found[country] = Math.round(ms);
  }
  return found;
}

/** Where the endpoints of the first tier are that may serve clients of a country, each place once. */
function admitted({ fences, endpoints }: Service, country: string): readonly Place[] {
  const holding = fences.filter((fence) => coversCountry(fence, country));
  const inside = endpoints.filter((endpoint) => holding.every(({ only }) => admits(only, siteOf(endpoint))));
  const tier = Math.min(...inside.map((endpoint) => endpoint.tier));
  return [...new Set(inside.filter((endpoint) => endpoint.tier === tier).map(({ place }) => place))];
}

function byClients(): readonly string[] {
  return [...POPULOUS, ...COUNTRIES.filter((country) => !POPULOUS.includes(country))];
}

function leastAt(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
