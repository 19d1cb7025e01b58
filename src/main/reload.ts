import { adminTarget, askAdmin } from './admin-client.ts';
import { RELOAD } from './commands/serving.ts';
import { EXIT, parsed } from './usage.ts';

/** `meridian reload`: has the edge read its file again. A file that is not good is a refusal with its problems. */
export async function reload(args: string[]): Promise<number> {
  const { values } = parsed(RELOAD, args);
  const target = await adminTarget(values);
  const answer = await askAdmin<object>(target, '/reload', {});
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : 'The file is in force.\n');
  return EXIT.fine;
}
