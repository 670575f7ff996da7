import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const claims = z.object({
  aud: z.string(),
  tid: z.string(),
  appid: z.string(),
  roles: z.array(z.string()).readonly(),
  exp: z.number(),
});
export type Claims = z.infer<typeof claims>;

/** Signs and reads the tokens of one run of the pretend cloud; a restart makes all of them invalid. */
export interface Bearers {
  issue(claims: Claims): string;
  /** The claims of an Authorization header, or null when there is none that we signed. Expiry is the caller's to judge. */
  read(header: string | undefined): Claims | null;
}

export function createBearers(): Bearers {
  const key = randomBytes(32);
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issue: (payload) => {
      const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ ...payload, jti: randomBytes(8).toString('hex') })}`;
      return `${text}.${sign(text)}`;
    },
    read: (header) => {
      const [head, body, signature] = (header ?? '').replace(/^Bearer /, '').split('.');
      if (!head || !body || !signature) return null;
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(`${head}.${body}`))];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      return claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    },
  };
}
