/** One request that the pretend cloud saw. Tokens and secrets are not kept, only whether there was one. */
export interface LoggedRequest {
  readonly at: Date;
  readonly method: string;
  /** The host that the client believed to call. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly tenant: string | null;
  /** Of the application that asked; null when nobody could tell. */
  readonly clientId: string | null;
  readonly hadToken: boolean;
  readonly prefer: string | null;
  /** 0 when it was never answered. */
  readonly status: number;
}

const kept = 2000;

export function remember(log: LoggedRequest[], request: LoggedRequest): void {
  log.push(request);
  if (log.length > kept) log.splice(0, log.length - kept);
}
