import { tellDemo } from '../demo/control-client.ts';
import { controlFilePath, readControlFile, removeControlFile } from '../demo/control-file.ts';
import type { Target, Verb } from '../demo/target.ts';
import { EXIT } from './usage.ts';

/** Tells the demo that runs in another terminal what to do. */
export async function tell(verb: Verb, target: Target): Promise<number> {
  const path = controlFilePath();
  const file = await readControlFile(path);
  const reply = file === undefined ? 'nobody' : await tellDemo(file, verb, target);
  if (reply === 'silent') {
    throw new Error(`the demo (process ${file?.pid}) does not answer; is its terminal stopped, with Ctrl-S or Ctrl-Z?`);
  }
  if (reply === 'nobody') {
    // Left behind by a demo that was killed; the next one would remove it too.
    if (file !== undefined) await removeControlFile(path, file.token);
    throw new Error('no demo is running; start one with: npm run demo');
  }
  if (!reply.ok) throw new Error(reply.message);
  process.stdout.write(`${reply.message}\n`);
  return EXIT.fine;
}
