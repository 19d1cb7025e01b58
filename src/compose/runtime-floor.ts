/**
 * The first release of each supported line of Node that has the last security fix known when this version of Meridian was
 * released: CVE-2026-123866 (HTTP/2 teardown that leaks memory of other connections), published on 2026-11-11.
 */
const FLOORS: Readonly<Record<number, string>> = { 22: '22.23.5', 24: '24.22.3', 26: '26.13.1' };

/**
 * What is wrong with a runtime of this version (`26.10.0`): a sentence that says what to do; undefined when it has the last
 * security fix known. A line of which nothing is known is taken for good when it is newer than all that are known.
 */
export function runtimeWarning(version: string): string | undefined {
  const major = Number.parseInt(version, 10);
  const newest = Math.max(...Object.keys(FLOORS).map(Number));
  const floor = FLOORS[major] ?? FLOORS[newest];
  if (floor === undefined || !isBefore(version, floor)) return undefined;
  return `Node ${version} lacks security fixes that ${floor} has (CVE-2026-123866): update the runtime`;
}

function isBefore(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(/[.-]/, 3).map(Number));
  for (let i = 0; i < 3; i += 1) {
    const [left, right] = [a?.[i] ?? 0, b?.[i] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}
