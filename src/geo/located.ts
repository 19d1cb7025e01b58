/** What a database says of an address. `country` is ISO 3166-1 alpha-2, empty where only a point is known. */
export type Located = {
  readonly country: string;
  /** Degrees; both are there or neither. */
  readonly latitude?: number;
  readonly longitude?: number;
};

/** A record that was understood; `damaged` when it carries coordinates that no publisher can have meant. */
export type Reading = {
  readonly located: Located;
  readonly coordinates: 'none' | 'precise' | 'vague' | 'damaged';
};

/**
 * Points less certain than this are a country's or a province's default point, often in a field far from everybody: worse
 * than the country's own population points. MaxMind gives radii of 1, 5, 10, 20, 50, 100, 200, 500 and 1000 km.
 */
const ACCURACY_RADIUS_KM_MAX = 250;

/** Doubles that were cut or shifted decode to numbers like 5.6e-62; real ones have at most seven decimals. */
const SMALLEST_DEGREES = 1e-9;

/**
 * Reads a database record of either shape: GeoIP2 (`country.iso_code`, `location.latitude`) or flat (`country_code`,
 * `latitude`, as numbers or strings). Undefined when it names neither a country nor a point. Never throws.
 */
export function readRecord(record: unknown): Reading | undefined {
  if (!isObject(record)) return undefined;
  const country = countryOf(record);
  const point = pointOf(record);
  if (point === undefined) return country === '' ? undefined : { located: { country }, coordinates: 'none' };
  if (!plausible(point.latitude, 90) || !plausible(point.longitude, 180)) {
    return { located: { country }, coordinates: 'damaged' };
  }
  if (point.radiusKm > ACCURACY_RADIUS_KM_MAX && country !== '') return { located: { country }, coordinates: 'vague' };
  return {
    located: { country, latitude: point.latitude, longitude: point.longitude },
    coordinates: 'precise',
  };
}

type Point = { readonly latitude: number; readonly longitude: number; readonly radiusKm: number };

function countryOf(record: Record<string, unknown>): string {
  const candidates = [
    isObject(record['country']) ? record['country']['iso_code'] : record['country'],
    record['country_code'],
    isObject(record['registered_country']) ? record['registered_country']['iso_code'] : undefined,
  ];
  const found = candidates.find((code) => typeof code === 'string' && /^[A-Za-z]{2}$/.test(code));
  return typeof found === 'string' ? found.toUpperCase() : '';
}

function pointOf(record: Record<string, unknown>): Point | undefined {
  const holder = isObject(record['location']) ? record['location'] : record;
  const latitude = degrees(holder['latitude'] ?? holder['lat']);
  const longitude = degrees(holder['longitude'] ?? holder['lng']);
  if (latitude === undefined || longitude === undefined) return undefined;
  const radius = holder['accuracy_radius'];
  return { latitude, longitude, radiusKm: typeof radius === 'number' ? radius : 0 };
}

function degrees(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
}

function plausible(value: number, limit: number): boolean {
  return Math.abs(value) <= limit && (value === 0 || Math.abs(value) >= SMALLEST_DEGREES);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
