import { readConfigFile, readSecretFile } from '../config/config-file.ts';
import { substitute } from '../config/environment.ts';
import { ownEntry } from '../config/own-entry.ts';
import { asMapping } from '../config/raw.ts';
import { readYaml } from '../config/yaml.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a file says of `admin.listen`, with its variables put in; undefined where it says nothing. Nothing else of the file is checked:
 * a probe that runs every few seconds has no use for the schema, which costs more than all that it does. Throws with one sentence when
 * the file cannot be read or is no YAML.
 */
export async function adminListenOf(file: string, env: Env): Promise<string | undefined> {
  const read = await readConfigFile(file);
  if (!read.ok) throw new Error(`${file} cannot be read: ${read.reason}`);
  const yaml = readYaml(read.text);
  if ('problems' in yaml) throw new Error(`${file} is no YAML; meridian validate ${file} says where`);
  const listen = ownEntry(asMapping(ownEntry(asMapping(yaml.value), 'admin')), 'listen');
  const { value, faults } = substitute(listen, { env, readFile: readSecretFile });
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`${file}: admin.listen ${fault.message}`);
  return typeof value === 'string' ? value : undefined;
}
