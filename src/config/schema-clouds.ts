import { OWN_CLOUD } from './cloud-kind.ts';
import { country } from './country-kind.ts';
import { decimal, matching } from './scalars.ts';
import { block, mapOf, needed, optional, under } from './zod-schema.ts';

/** Regions that one cloud may be given. */
export const OWN_REGIONS_MAX = 256;

/** The code of a region, as endpoints name it. */
export const REGION_CODE = matching('the code of a region such as us-east-1', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

/** One of `clouds.NAME.regions`. */
export const OWN_REGION = block('A region, and where it is.', {
  lat: needed(decimal(-90, 90), 'Degrees north; south is negative.'),
  lon: needed(decimal(-180, 180), 'Degrees east; west is negative.'),
  country: optional(country, 'Country that it stands in; what fences go by.'),
});

/** One of `clouds`. */
export const OWN_CLOUD_BLOCK = block('A cloud of your own: a failure domain like aws, gcp and azure.', {
  regions: under(
    mapOf(
      REGION_CODE,
      OWN_REGION.schema,
      `Its regions by name, so that endpoints need no lat and lon; those that aws, gcp and azure have are known. At most ${OWN_REGIONS_MAX}.`,
    ),
  ),
});

/** `clouds`. */
export const OWN_CLOUDS = mapOf(
  OWN_CLOUD,
  OWN_CLOUD_BLOCK.schema,
  'Clouds beside aws, gcp and azure, by names that you choose, each with a breaker and a share of its own; and regions that those three have beside the known ones. At most 13.',
);
