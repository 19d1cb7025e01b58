/** The signal at which an edge with `collector.ts` in it collects its garbage. Meridian itself takes no notice of it. */
export const COLLECT_SIGNAL = 'SIGUSR2';
