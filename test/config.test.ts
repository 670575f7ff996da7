import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
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

const options = { production: true };
let folder: string;

function fileOf(content: string): string {
  const file = path.join(mkdtempSync(path.join(folder, 'f')), 'secret');
  writeFileSync(file, `${content}\n`);
  return file;
}

/** A certificate that ends in 90 days, and its key; null where openssl is not there. */
function certificateFiles(): [string, string] | null {
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const asked = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=avian', '-days', '90'];
  try {
    execFileSync('openssl', ['req', ...asked, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return [certificate, key];
}

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
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'avian-config-'))));
  after(() => rmSync(folder, { recursive: true }));

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
    const file = fileOf('secret-of-a-file');
    const { READER_APP_SECRET: _, ...rest } = complete;
    const config = readConfig({ ...rest, READER_APP_SECRET_FILE: file }, { production: true });
    assert.ok(config.secrets.includes('secret-of-a-file'));
  });

  it('needs no application for acting; half of one is a fault', () => {
    assert.equal(readConfig(complete, { production: true }).microsoft?.actor, null);
    const config = readConfig({ ...complete, ACTOR_APP_ID: appId, ACTOR_APP_SECRET: 'actor-secret' }, options);
    assert.deepEqual(config.microsoft?.actor?.readCredentials(), [{ kind: 'secret', secret: 'actor-secret' }]);
    assert.ok(config.secrets.includes('actor-secret'));
    assert.match(faultsOf({ ...complete, ACTOR_APP_ID: appId }), /ACTOR_APP: give exactly one .* \(found 0\)/);
    assert.match(faultsOf({ ...complete, ACTOR_APP_SECRET_2: 'x' }), /ACTOR_APP_ID is missing/);
  });

  it('takes a second credential for each application, with the date on which each ends', () => {
    const config = readConfig(
      {
        ...complete,
        MICROSOFT_APP_SECRET_2: 'second-bot-secret',
        READER_APP_SECRET_EXPIRES: '2027-03-31',
        READER_APP_SECRET_2: 'second-secret',
        READER_APP_SECRET_EXPIRES_2: '2027-09-30T12:00:00Z',
      },
      options,
    );
    assert.deepEqual(config.microsoft?.reader.readCredentials(), [
      { kind: 'secret', secret: 'reader-secret', expiresAt: new Date('2027-03-31T00:00:00Z') },
      { kind: 'secret', secret: 'second-secret', expiresAt: new Date('2027-09-30T12:00:00Z') },
    ]);
    const app = 'the application that reads (READER_APP)';
    assert.deepEqual(config.credentialEnds(), [
      { app, endsAt: new Date('2027-03-31T00:00:00Z') },
      { app, endsAt: new Date('2027-09-30T12:00:00Z') },
    ]);
    for (const secret of ['second-bot-secret', 'second-secret']) assert.ok(config.secrets.includes(secret), secret);
  });

  it('names a second credential that is not whole, and an end that is no date or belongs to no secret', () => {
    const message = faultsOf({
      ...complete,
      READER_APP_SECRET_2: 'x',
      READER_APP_FEDERATED_TOKEN_FILE_2: 'y',
      MICROSOFT_APP_CERTIFICATE_FILE_2: 'z',
    });
    assert.match(message, /READER_APP: give exactly one of READER_APP_SECRET_2, .* \(found 2\)/);
    assert.match(message, /MICROSOFT_APP_CERTIFICATE_KEY_FILE_2 belong together/);
    assert.match(faultsOf({ ...complete, READER_APP_SECRET_EXPIRES: 'next spring' }), /SECRET_EXPIRES must be a date/);
    const { READER_APP_SECRET: _, ...rest } = complete;
    assert.match(
      faultsOf({ ...rest, READER_APP_FEDERATED_TOKEN_FILE: 'package.json', READER_APP_SECRET_EXPIRES: '2027-03-31' }),
      /READER_APP_SECRET_EXPIRES is for secrets only/,
    );
  });

  it('reads files of secrets anew, and says of one that went away or is empty what is wrong with it', () => {
    const { READER_APP_SECRET: _, ...rest } = complete;
    const file = fileOf('first');
    const config = readConfig(
      { ...rest, READER_APP_SECRET_FILE: file, READER_APP_SECRET_FILE_2: fileOf('second') },
      options,
    );
    const credentials = () => config.microsoft?.reader.readCredentials();
    const second = { kind: 'secret', secret: 'second' };
    assert.deepEqual(credentials(), [{ kind: 'secret', secret: 'first' }, second]);
    writeFileSync(file, 'rotated\n');
    assert.deepEqual(credentials(), [{ kind: 'secret', secret: 'rotated' }, second]);
    writeFileSync(file, ' \n');
    const empty = { kind: 'unusable', fault: `READER_APP_SECRET_FILE names an empty file: ${file}` };
    assert.deepEqual(credentials(), [empty, second]);
    unlinkSync(file);
    const gone = { kind: 'unusable', fault: `READER_APP_SECRET_FILE names a file that cannot be read: ${file}` };
    assert.deepEqual(credentials(), [gone, second]);
  });

  it('knows from a certificate itself when it ends, and refuses a file that holds none', function () {
    const { READER_APP_SECRET: _, ...rest } = complete;
    const [certificate, key] = certificateFiles() ?? this.skip();
    const files = { READER_APP_CERTIFICATE_FILE: certificate, READER_APP_CERTIFICATE_KEY_FILE: key };
    const [end] = readConfig({ ...rest, ...files }, options).credentialEnds();
    const days = Math.round(((end?.endsAt.getTime() ?? 0) - Date.now()) / 86_400_000);
    assert.equal(days, 90);
    assert.match(
      faultsOf({ ...rest, ...files, READER_APP_CERTIFICATE_FILE: key }),
      /READER_APP_CERTIFICATE_FILE names a file that holds no certificate/,
    );
  });

  it('paces the syncs: slowly at Microsoft, quickly in the sandbox, or as it is told', () => {
    const seconds = (env: Record<string, string>) => Object.values(readConfig(env, { production: false }).syncSeconds);
    assert.deepEqual(seconds(complete), [120, 900, 3_600, 21_600, 86_400]);
    assert.deepEqual(seconds({}), [3, 15, 20, 30, 300]);
    assert.deepEqual(
      seconds({ DEVICE_SYNC_SECONDS: '60', VULNERABILITY_FULL_SYNC_SECONDS: '600' }),
      [3, 60, 20, 30, 600],
    );
    assert.match(faultsOf({ COMPLIANCE_SYNC_SECONDS: '0' }), /COMPLIANCE_SYNC_SECONDS/);
  });

  it('forces dry runs when it is told so in plain words, and takes another host of Defender', () => {
    assert.equal(readConfig({}, { production: false }).forceDryRun, false);
    const config = readConfig(
      { EDR_DRY_RUN: 'true', DEFENDER_API_HOST: 'eu.api.security.microsoft.com' },
      { production: false },
    );
    assert.deepEqual([config.forceDryRun, config.defenderHost], [true, 'eu.api.security.microsoft.com']);
    assert.match(faultsOf({ EDR_DRY_RUN: 'yes' }), /EDR_DRY_RUN must be true or false/);
    for (const DEFENDER_API_HOST of ['https://eu.api.security.microsoft.com', 'a b', 'host/path', 'user@host'])
      assert.match(faultsOf({ DEFENDER_API_HOST }), /DEFENDER_API_HOST must be a host name/, DEFENDER_API_HOST);
  });

  it('is described completely by .env.example, which names nothing else', () => {
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_0-9]+)=/gm)].map((match) => match[1]);
    assert.deepEqual([...named].sort(), [...variables].sort());
  });
});
