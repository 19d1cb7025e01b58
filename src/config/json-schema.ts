import { DOCUMENT } from './schema.ts';
import { toJsonSchema } from './zod-schema.ts';

/** JSON Schema of the configuration, for editors: every key with its meaning, default, and the words it may be. */
export function jsonSchema(): Record<string, unknown> {
  return { ...toJsonSchema(DOCUMENT.schema), title: 'Meridian configuration' };
}
