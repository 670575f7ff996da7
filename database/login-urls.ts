/** Connection strings of the four logins of one database. */
export interface LoginUrls {
  /** avian_app: DATABASE_URL. */
  readonly database: string;
  /** avian_system: SYSTEM_DATABASE_URL. */
  readonly system: string;
  /** avian_worker: WORKER_DATABASE_URL. */
  readonly worker: string;
  /** avian_migrator: MIGRATION_DATABASE_URL. */
  readonly migration: string;
}

export type LoginKind = keyof LoginUrls;
export type Passwords = Readonly<Record<LoginKind, string>>;

/** The names are fixed: migrations and policies name these roles. */
export const loginNames: Readonly<Record<LoginKind, string>> = {
  database: 'avian_app',
  system: 'avian_system',
  worker: 'avian_worker',
  migration: 'avian_migrator',
};

/** The environment variable that carries each login. */
export const loginVariables: Readonly<Record<LoginKind, string>> = {
  database: 'DATABASE_URL',
  system: 'SYSTEM_DATABASE_URL',
  worker: 'WORKER_DATABASE_URL',
  migration: 'MIGRATION_DATABASE_URL',
};

/** The administrator's URL with the four logins in its place; host, port and options such as sslmode stay. */
export function loginUrls(adminUrl: string, passwords: Passwords): LoginUrls {
  const url = (kind: LoginKind) => withLogin(adminUrl, loginNames[kind], passwords[kind]);
  return { database: url('database'), system: url('system'), worker: url('worker'), migration: url('migration') };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  // A URL that names a socket folder in its options has no host, and then cannot carry a login.
  if (changed.hostname === '') changed.href = url.replace(/^(\w+:\/\/)(?:[^/?]*@)?/, '$1localhost');
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
