/** A point in degrees. */
export type Point = { readonly latitude: number; readonly longitude: number };

export const EARTH_RADIUS_KM = 6371.0088;
const RADIANS = Math.PI / 180;

/** Kilometres between two points along the surface of a sphere (haversine formula; off by at most 0.5 %). */
export function greatCircleKm(a: Point, b: Point): number {
  const latitudes = Math.sin(((b.latitude - a.latitude) * RADIANS) / 2);
  const longitudes = Math.sin(((b.longitude - a.longitude) * RADIANS) / 2);
  const cosines = Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS);
  const chord = latitudes * latitudes + cosines * longitudes * longitudes;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Light in glass covers 200 km in a millisecond: a round trip of 100 km takes 1 ms, whatever the equipment. */
export const KM_PER_ROUND_TRIP_MS = 100;
