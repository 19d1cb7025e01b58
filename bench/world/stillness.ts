/** Resolves when every promise that can run has run. */
export function stillness(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
