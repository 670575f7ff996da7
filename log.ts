import { pino, type DestinationStream, type Logger } from 'pino';

const keys = [
  'authorization',
  'password',
  'secret',
  'clientSecret',
  'client_secret',
  'client_assertion',
  'token',
  'access_token',
  'accessToken',
];

/** Shapes of secrets we were not told: bearer tokens, JWTs, passwords in URLs, form fields. */
const shapes: readonly [RegExp, string][] = [
  [/Bearer\s+[\w.~+/=-]+/gi, 'Bearer [redacted]'],
  [/eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/(\w+:\/\/[^:@/\s"]*:)[^@/\s"]+@/g, '$1[redacted]@'],
  [/((?:client_secret|client_assertion|access_token|password)=)[^&\s"]+/gi, '$1[redacted]'],
];

/**
 * The logger: JSON lines without secrets. `secrets` are values that are blotted out wherever they stand, in messages and
 * stacks of other people's errors too.
 */
export function createLogger(level: string, secrets: readonly string[], destination?: DestinationStream): Logger {
  const known = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const redact = (line: string): string => {
    let clean = line;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    for (const [shape, instead] of shapes) clean = clean.replace(shape, instead);
    return clean;
  };
  const options = {
    level,
    base: null,
    redact: { paths: keys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}
