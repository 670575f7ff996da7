import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig, variables } from '../config.js';

const appId = '0b2f5f54-9d0c-4d2c-9a51-0d6f3f3f6a01';
const complete = {
  DATABASE_URL: 'postgres://avian_app:pw-app@db.example/avian',
  SYSTEM_DATABASE_URL: 'postgres://avian_system:pw-system@db.example/avian',
  WORKER_DATABASE_URL: 'postgres://avian_worker:pw-worker@db.example/avian',
  MICROSOFT_APP_ID: appId,
  MICROSOFT_APP_TENANT_ID: appId,
  MICROSOFT_APP_SECRET: 'bot-secret',
  READER_APP_ID: appId,
  READER_APP_SECRET: 'reader-secret',
};

function faultsOf(env: Record<string, string>, production = false): string {
  try {
    readConfig(env, { production });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return '';
}

describe('configuration', () => {
  it('needs nothing for local mode: loopback, embedded database, sandbox cloud', () => {
    const config = readConfig({}, { production: false });
    assert.deepEqual([config.port, config.host, config.database, config.microsoft], [3978, '127.0.0.1', null, null]);
  });

  it('reports all faults together, each with its variable and what to do', () => {
    const message = faultsOf({ PORT: 'eighty', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' });
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL']) assert.match(message, new RegExp(`- ${name} `));
  });

  it('refuses to start production without a database and Microsoft credentials, whatever the address', () => {
    for (const HOST of ['127.0.0.1', '0.0.0.0']) {
      const message = faultsOf({ HOST }, true);
      for (const name of ['DATABASE_URL', 'MICROSOFT_APP_ID', 'MICROSOFT_APP_SECRET', 'READER_APP_ID'])
        assert.ok(message.includes(name), name);
    }
    assert.equal(faultsOf(complete, true), '');
  });

  it('keeps local mode on loopback', () => {
    assert.match(faultsOf({ HOST: '0.0.0.0' }), /HOST must be 127\.0\.0\.1/);
  });

  it('takes half a Microsoft configuration for a fault, not for local mode', () => {
    assert.match(faultsOf({ MICROSOFT_APP_ID: appId }), /MICROSOFT_APP_TENANT_ID is missing/);
  });

  it('wants exactly one credential per application', () => {
    assert.match(faultsOf({ ...complete, READER_APP_SECRET_FILE: 'x' }), /READER_APP: give exactly one .* \(found 2\)/);
  });

  it('names a secret file that cannot be read', () => {
    const { READER_APP_SECRET: _, ...rest } = complete;
    assert.match(
      faultsOf({ ...rest, READER_APP_SECRET_FILE: '/no/such/file' }),
      /READER_APP_SECRET_FILE names a file that cannot be read/,
    );
  });

  it('knows its secrets, so that the log can blot them out', () => {
    const config = readConfig(complete, { production: true });
    for (const secret of ['bot-secret', 'reader-secret', 'pw-app', 'pw-system', 'pw-worker'])
      assert.ok(config.secrets.includes(secret), secret);
  });

  it('knows a secret that stands in a file as well', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'avian-config-')), 'secret');
    writeFileSync(file, 'secret-of-a-file\n');
    const { READER_APP_SECRET: _, ...rest } = complete;
    const config = readConfig({ ...rest, READER_APP_SECRET_FILE: file }, { production: true });
    assert.ok(config.secrets.includes('secret-of-a-file'));
  });

  it('is described completely by .env.example, which names nothing else', () => {
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    assert.deepEqual([...named].sort(), [...variables].sort());
  });
});
