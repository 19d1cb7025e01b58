import { BUILTIN, BUILTIN_FILE } from '../geo/database-file.ts';
import { dayOf, updateDatabase } from '../geo/database-update.ts';
import { GEO_UPDATE } from './commands/trying.ts';
import { load } from './load.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** `meridian geo update FROM`: puts a newer database in the place of the built-in one, or of the one that a file names. */
export async function geoUpdate(args: string[]): Promise<number> {
  const { values, positionals } = parsed(GEO_UPDATE, args);
  const [from, ...more] = positionals;
  if (from === undefined || more.length > 0) {
    throw new UsageError(
      'it takes one source: meridian geo update FILE.mmdb (or .mmdb.gz, or the folder of a package)',
    );
  }
  if (values.to !== undefined && values.config !== undefined) {
    throw new UsageError('--to names the file that is replaced, and so does the file of -c; give one of them');
  }
  const to = values.to ?? (await named(values.config)) ?? BUILTIN_FILE;
  const { source, database, beforeMs } = await updateDatabase(from, to, { force: values.force === true });
  const before = beforeMs === undefined ? '' : `, in the place of one of ${dayOf(beforeMs)}`;
  process.stdout.write(
    `${to} is now ${source}: a ${database.kind} database of ${dayOf(database.builtAtMs)}${before}\n`,
  );
  return EXIT.fine;
}

/** The database that a configuration names. */
async function named(config: string | undefined): Promise<string | undefined> {
  const choice = config === undefined ? BUILTIN : (await load(config)).geoDatabase;
  return choice === BUILTIN ? undefined : choice;
}
