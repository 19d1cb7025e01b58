/** The head of an answer as it came, names and values of its headers alternating. */
export type AnswerHead = { readonly status: number; readonly reason: string; readonly headers: readonly string[] };
