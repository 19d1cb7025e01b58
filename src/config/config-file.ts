import { readErrorText } from './read-error-text.ts';
import { readRegularFile, readRegularFileSync } from './regular-file.ts';

/** A text, or one sentence about why it could not be read. */
export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** A configuration of 10,000 endpoints is about 2 MiB; whatever is larger than this is another file. */
export const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** A secret is a line; `environment.ts` says how long it may be. */
const SECRET_FILE_BYTES_MAX = 128 * 1024;

/** Reads a configuration file of at most 8 MiB of UTF-8. Never throws. */
export async function readConfigFile(path: string): Promise<FileText> {
  try {
    return decode(await readRegularFile(path, FILE_BYTES_MAX));
  } catch (error) {
    const isDirectory = (error as NodeJS.ErrnoException).code === 'EISDIR';
    return { ok: false, reason: isDirectory ? 'it is a directory; name the file inside of it' : readErrorText(error) };
  }
}

/** Reads a file that a configuration names, such as a secret. Throws an error whose message is one plain sentence. */
export function readSecretFile(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFileSync(path, SECRET_FILE_BYTES_MAX);
  } catch (error) {
    throw new Error(readErrorText(error), { cause: error });
  }
  const text = decode(bytes);
  if (!text.ok) throw new Error(text.reason);
  return text.text;
}

/** The bytes of a file as text; anything but UTF-8 is refused rather than mended. */
function decode(bytes: Uint8Array): FileText {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'it is not UTF-8 text; save it as UTF-8' };
  }
}
