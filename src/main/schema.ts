import { jsonSchema } from '../config/json-schema.ts';
import { SCHEMA } from './commands/serving.ts';
import { EXIT, parsed } from './usage.ts';

/** Prints the JSON Schema of the configuration. */
export async function schema(args: string[]): Promise<number> {
  parsed(SCHEMA, args);
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return EXIT.fine;
}
