import { jsonSchema } from '../config/json-schema.ts';
import { EXIT, parsed } from './usage.ts';

/** Prints the JSON Schema of the configuration. */
export async function schema(args: string[]): Promise<number> {
  parsed({ args, options: {} });
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return EXIT.fine;
}
