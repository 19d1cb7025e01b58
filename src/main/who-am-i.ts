import { userInfo } from 'node:os';

/**
 * Who gives an order, as far as the system knows: who became root for it, who is logged in, or whom the process runs as.
 * Undefined where that has no name, as in many a container; `--actor` says it then.
 */
export function whoAmI(
  env: Readonly<Record<string, string | undefined>>,
  runsAs: () => string = () => userInfo().username,
): string | undefined {
  const named = [env['SUDO_USER'], env['USER'], env['LOGNAME']].find(
    (name) => name !== undefined && name.trim() !== '',
  );
  if (named !== undefined) return named;
  try {
    const name = runsAs();
    return name.trim() === '' ? undefined : name;
  } catch {
    return undefined; // There is no such user in the list of users.
  }
}
