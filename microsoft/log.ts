/** The part of a pino logger that microsoft/ uses. Fields never hold tokens, secrets or assertions. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
