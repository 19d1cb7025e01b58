export type LogLevel = 'info' | 'warn' | 'error';

/** The log line of an event: how grave it is, and one sentence for people. The fields are the event's own. */
export type LogMessage = { readonly level: LogLevel; readonly message: string };
