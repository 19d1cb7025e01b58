/** Milliseconds of each unit that a timeout of gRPC may have. */
const UNITS_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** The time that `grpc-timeout` gives, in ms (gRPC over HTTP/2, "Timeout": up to eight digits and a unit); undefined when it says none. */
export function grpcTimeoutMs(value: string): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (UNITS_MS[unit] as number);
}

/** A time as `grpc-timeout` says it, rounded down: in milliseconds, or in seconds where those have too many digits. */
export function grpcTimeoutText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms));
  return whole < 1e8 ? `${whole}m` : `${Math.min(99_999_999, Math.floor(whole / 1000))}S`;
}
