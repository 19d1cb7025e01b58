/** `84 ms`, or `-` when there is none. */
export function msText(ms: number): string {
  return Number.isNaN(ms) ? '-' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** `31%`: whole percent; what is above 0 is never shown as 0. */
export function percentText(share: number): string {
  return `${share > 0 && share < 0.005 ? '<1' : Math.round(share * 100)}%`;
}

/** `99.987 %`, rounded down: only what never failed is 100. */
export function availabilityText(share: number): string {
  return `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
}

/** `12s`, `3m05s`. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}
