/** Parameters of a request's query, each given once. */
export type Query = Readonly<Record<string, string>>;

/** What the caller would like to get, as it says so; left out when it does not. */
export type Asked = { readonly accept?: string | undefined; readonly acceptEncoding?: string | undefined };

export type AdminRequest = Asked & {
  readonly query: Query;
  readonly body: string;
  /** What the path has in place of the `*` of the route. */
  readonly key?: string | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
};
