/** Fits msal-node's acquireTokenByClientCredential: `(scope) => app.acquireTokenByClientCredential({ scopes: [scope] })`. */
export type AcquireToken = (scope: string) => Promise<{ accessToken: string; expiresOn: Date | null } | null>;

/** The bot could not prove who it is: a matter of configuration or of Entra, not of the message. */
export class BotTokenError extends Error {
  override readonly name = 'BotTokenError';
}

export interface BotToken {
  read(scope: string): Promise<string>;
  /** Teams refused it: the next read gets a new one. */
  forget(): void;
}

/** Milliseconds. */
const PATIENCE = 10_000;
const RENEW_BEFORE = 5 * 60_000;

interface Kept {
  readonly token: string;
  readonly until: number;
}

/** Msal neither joins parallel requests nor limits their time; both are done here. */
export function createBotToken(acquire: AcquireToken): BotToken {
  const kept = new Map<string, Kept>();
  const running = new Map<string, Promise<Kept>>();
  const renew = async (scope: string): Promise<Kept> => {
    const result = await withPatience(acquire(scope));
    if (!result) throw new BotTokenError('Entra answered without a token for the bot.');
    const fresh = { token: result.accessToken, until: (result.expiresOn?.getTime() ?? 0) - RENEW_BEFORE };
    kept.set(scope, fresh);
    return fresh;
  };
  return {
    read: async (scope) => {
      const known = kept.get(scope);
      if (known && known.until > Date.now()) return known.token;
      const joined = running.get(scope) ?? renew(scope).finally(() => running.delete(scope));
      running.set(scope, joined);
      return (await joined).token;
    },
    forget: () => kept.clear(),
  };
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BotTokenError(`Entra gave no token within ${PATIENCE / 1000} s.`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof BotTokenError) throw error;
    throw new BotTokenError('Entra gave the bot no token.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
