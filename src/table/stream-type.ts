/** Types of answers that are meant to rest between what they say: server-sent events, and whatever gRPC says, also by gRPC-Web. */
export const STREAM_TYPES = 'text/event-stream|application/grpc';

const STREAM_TYPE = new RegExp(`^(?:${STREAM_TYPES})`, 'i');

/** Whether the value of a `Content-Type` is one of a stream. */
export function isStreamType(type: string): boolean {
  return STREAM_TYPE.test(type);
}
