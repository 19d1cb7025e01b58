/** What a header rule may say of a request, its client and its endpoint; written `${client.address}` in the file. */
export const MESSAGE_VALUES = [
  'client.address',
  'client.country',
  'request.id',
  'request.host',
  'endpoint.region',
  'cloud',
  'service',
] as const;
export type MessageValue = (typeof MESSAGE_VALUES)[number];

/** The value of a field: texts as they are, and names of what is put in for each message. */
export type FieldTemplate = readonly (string | { readonly of: MessageValue })[];

export type FieldLine = { readonly name: string; readonly value: FieldTemplate };

/** What becomes of the fields of a message: those of these names are removed, then replaced, then others are added. */
export type FieldRules = {
  /** In lower case. */
  readonly remove: readonly string[];
  readonly set: readonly FieldLine[];
  readonly add: readonly FieldLine[];
};

/**
 * What becomes of a path, in this order; the empty text is nothing. Prefixes begin with `/`, end with none, and stand for whole segments. A
 * path is replaced by the longest beginning that it has (the empty one is every path's), or by `set` as a whole.
 */
export type PathRules = {
  readonly stripPrefix: string;
  readonly replace: readonly (readonly [from: string, to: string])[];
  readonly addPrefix: string;
  readonly set: string;
};

/** Where clients are sent instead: what is left out stays as they asked. */
export type RedirectRule = {
  readonly status: number;
  readonly scheme: 'http' | 'https' | undefined;
  /** With its port, where that is not the scheme's own. */
  readonly host: string | undefined;
  readonly path: PathRules | undefined;
};

/** What a service changes in the messages that pass. */
export type ServiceRules = {
  readonly request: FieldRules | undefined;
  readonly response: FieldRules | undefined;
  readonly path: PathRules | undefined;
  /** The value of `Strict-Transport-Security`; empty: it is the endpoints' to say. */
  readonly hsts: string;
  /** The value of `Alt-Svc`; likewise. */
  readonly altSvc: string;
  readonly redirect: RedirectRule | undefined;
};
