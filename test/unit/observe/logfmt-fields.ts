/** The fields of a line of logfmt, all of them as text. Throws where it is none. */
export function logfmtFields(line: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  const pair = /([a-z0-9_.]+)=("(?:[^"\\]|\\.)*"|[^\s"=\\]*)(?: |$)/giy;
  while (pair.lastIndex < line.length) {
    const at = pair.lastIndex;
    const found = pair.exec(line);
    if (found === null) throw new Error(`no logfmt at ${at}: ${line.slice(at)}`);
    const [, key = '', value = ''] = found;
    fields[key] = value.startsWith('"') ? (JSON.parse(value) as string) : value;
  }
  return fields;
}
