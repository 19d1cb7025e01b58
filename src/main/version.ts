import { ownVersion } from '../compose/version.ts';
import { VERSION } from './commands/serving.ts';
import { EXIT, parsed } from './usage.ts';

/** `meridian version`, `meridian --version`: what runs here. */
export async function version(args: string[]): Promise<number> {
  const { values } = parsed(VERSION, args);
  const said = { version: ownVersion(), node: process.versions.node, platform: `${process.platform}-${process.arch}` };
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify(said)}\n`
      : `meridian ${said.version}, Node ${said.node}, ${said.platform}\n`,
  );
  return EXIT.fine;
}
