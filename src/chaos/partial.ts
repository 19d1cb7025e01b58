/**
 * A JSON array with the first share of its items, rounded down, as UTF-8; undefined when the body is no JSON array. `keep` is 0 to 1.
 */
export function shortenArray(body: Buffer, keep: number): Buffer | undefined {
  const items = parsed(body);
  if (!Array.isArray(items)) return undefined;
  // 0.29 * 100 is 28.999…: what is a whole number but for the last bits is that number.
  return Buffer.from(JSON.stringify(items.slice(0, Math.floor(items.length * keep + 1e-9))), 'utf8');
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
