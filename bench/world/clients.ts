import { readFileSync } from 'node:fs';
import type { Place } from '../../src/config/topology.ts';
import { countryPoints } from '../../src/geo/country-points.ts';

/** Where clients are: one of the places where the people of a country live. */
export type Site = {
  readonly place: Place;
  readonly country: string;
  readonly continent: string;
  /** Share of all clients of the world, awake or not; the shares of all sites sum to 1. */
  readonly weight: number;
};

/** Every country of the data, with its continent: also where endpoints may be. */
export const CONTINENTS: ReadonlyMap<string, string> = new Map(
  readCountries().map(({ country, continent }) => [country, continent]),
);

/** All client sites, from `data/countries.csv` and the product's population points. */
export function clientSites(): readonly Site[] {
  const countries = readCountries();
  const all = countries.reduce((sum, { users }) => sum + users, 0);
  return countries.flatMap(({ country, continent, users }) =>
    (countryPoints(country) ?? []).map((point) => ({
      place: { latitude: point.latitude, longitude: point.longitude, country },
      country,
      continent,
      weight: (point.weight * users) / all,
    })),
  );
}

/** How awake a place is at an hour of UTC: from 0.25 at five in the morning to 1 at nine in the evening, by its longitude. */
export function wakefulness(longitude: number, utcHour: number): number {
  const local = (((utcHour + longitude / 15) % 24) + 24) % 24;
  // Eight hours of falling, sixteen of rising: evenings are steeper than mornings.
  const phase = local >= 21 || local < 5 ? ((local - 21 + 24) % 24) / 8 : 1 - (local - 5) / 16;
  return 0.25 + 0.75 * (0.5 + 0.5 * Math.cos(Math.PI * phase));
}

type Country = { readonly country: string; readonly continent: string; readonly users: number };

function readCountries(): readonly Country[] {
  const text = readFileSync(new URL('data/countries.csv', import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [country = '', continent = '', users] = line.split(',');
      return { country, continent, users: Number(users) };
    });
}
