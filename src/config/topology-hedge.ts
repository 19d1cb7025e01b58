/** When a request goes to a second endpoint although the first may still answer in good time. */
export type HedgePolicy = {
  /** In ms, or the share of an endpoint's answers that take no longer. */
  readonly after: number | { readonly quantile: number };
  readonly methods: readonly string[];
};
