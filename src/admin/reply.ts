/** An answer of the admin API. `headers` are those beside the ones that every answer has. */
export type AdminReply = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** What is sent in place of `body`: the same, as `content-encoding` among the headers says. */
  readonly packed?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

/** JSON for people and programs alike; what JSON has no word for (NaN, Infinity) becomes null. */
export function json(status: number, value: unknown): AdminReply {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value, null, 2)}\n` };
}

/** An answer in plain text. */
export function text(status: number, body: string): AdminReply {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

/** Every refusal says what is wrong and what would be right. */
export function refuse(status: number, error: string, fix: string, headers: Record<string, string> = {}): AdminReply {
  return { ...json(status, { error, fix }), headers };
}
