/** Parameters of a request's query, each given once. */
export type Query = Readonly<Record<string, string>>;

export type AdminRequest = { readonly query: Query; readonly body: string };
