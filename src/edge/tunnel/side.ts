/** One of the two connections that a tunnel joins: a socket, or a stream among others. */
export type TunnelSide = {
  /** Has it read from now on, and say what comes of it. What was written before has been kept in order. */
  begin(handler: SideHandler): void;
  /** The bytes are the side's from now on. False: no more is wanted until it has `drained`. */
  write(bytes: Uint8Array): boolean;
  /** Nothing more is written; what comes is still read. */
  end(): void;
  /** Closes it once what has been written has left; what still comes is of no interest. */
  finish(): void;
  /** Breaks it off. */
  destroy(): void;
  pause(): void;
  resume(): void;
};

/** What a side calls as things go on, until it has closed. */
export type SideHandler = {
  /** Bytes have come, and are the handler's to keep. */
  data(bytes: Buffer): void;
  /** Nothing more will come; it can still be written to. */
  ended(): void;
  /** There is room for more. */
  drained(): void;
  /** It is no more; `broken`: by an error, or because it was reset. Called once. */
  closed(broken: boolean): void;
};
