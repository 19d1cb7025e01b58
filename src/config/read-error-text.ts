const KNOWN: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file (ENOENT); check the path'],
  ['EACCES', 'permission is denied (EACCES); let the user that runs this read it'],
  ['EPERM', 'permission is denied (EPERM); let the user that runs this read it'],
  ['EISDIR', 'it is a directory (EISDIR); name the file inside of it'],
  ['ENOTDIR', 'a part of the path is not a directory (ENOTDIR); check the path'],
  ['ENXIO', 'it is a socket or a device (ENXIO); name a regular file'],
  ['ELOOP', 'its symbolic links lead in a circle (ELOOP); point one of them to the file'],
  ['EMFILE', 'too many files are open (EMFILE); raise the limit of open files'],
]);

/** Why the system would not let a file be read, and what to do about it, in one sentence. */
export function readErrorText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return KNOWN.get(code) ?? (error instanceof Error ? error.message : String(error));
}
