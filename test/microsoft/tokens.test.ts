import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential } from '../../microsoft/credentials.js';
import { sandboxApp } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';
import { contoso, contosoConnection, fabrikamConnection, faultOf, openBench, withSecret } from './harness.js';
import type { Bench } from './harness.js';

const tenant = contoso.entraTenantId;
const scope = 'https://graph.microsoft.com/.default';
const never = new AbortController().signal;
const app = (...credentials: Credential[]) => ({ clientId: sandboxApp.clientId, credentials });
const good: Credential = { kind: 'secret', secret: sandboxApp.secret };
const bad: Credential = { kind: 'secret', secret: 'not-the-secret' };

describe('tokens of Entra', () => {
  let bench: Bench;
  beforeEach(async () => (bench = await openBench()));
  afterEach(() => bench.close());

  it('are asked for once by many callers that need one at the same time', async () => {
    const tokens = bench.tokens();
    const got = await Promise.all(Array.from({ length: 20 }, () => tokens.get(contosoConnection, scope, never)));
    assert.equal(new Set(got).size, 1);
    assert.equal(bench.tokenPosts(), 1);
  });

  it('are never shared by two tenants', async () => {
    const tokens = bench.tokens();
    const both = [contosoConnection, fabrikamConnection].map((one) => tokens.get(one, scope, never));
    const [ours, theirs] = await Promise.all(both);
    assert.notEqual(ours, theirs);
    const payload = JSON.parse(Buffer.from(theirs?.split('.')[1] ?? '', 'base64url').toString()) as { tid: string };
    assert.equal(payload.tid, fabrikamConnection.entraTenantId);
  });

  it('are kept until they are about to end', async () => {
    const tokens = bench.tokens();
    await tokens.get(contosoConnection, scope, never);
    await tokens.get(contosoConnection, scope, never);
    assert.equal(bench.tokenPosts(), 1);
    bench.cloud.faults.turnOn(tenant, { kind: 'short_token', lifetimeSeconds: 200 });
    const short = bench.tokens();
    await short.get(contosoConnection, scope, never);
    await short.get(contosoConnection, scope, never);
    assert.equal(bench.tokenPosts(), 3);
  });

  it('are kept for the tenants used last only', async () => {
    const tokens = bench.tokens({ maxTenants: 1 });
    for (const one of [contosoConnection, fabrikamConnection, contosoConnection]) await tokens.get(one, scope, never);
    assert.equal(bench.tokenPosts(), 3);
  });

  it('serve on while Entra is down, as long as they live', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'short_token', lifetimeSeconds: 200 });
    const tokens = bench.tokens();
    const first = await tokens.get(contosoConnection, scope, never);
    bench.cloud.faults.turnOn(tenant, { kind: 'entra_error', status: 503 });
    assert.equal(await tokens.get(contosoConnection, scope, never), first);
    tokens.refuse(contosoConnection, scope, first);
    await assert.rejects(tokens.get(contosoConnection, scope, never), faultOf('unavailable', /503/));
  });

  it('come again as soon as Entra is back, without a pause of our own', async () => {
    const tokens = bench.tokens();
    bench.cloud.faults.turnOn(tenant, { kind: 'entra_throttle', retryAfterSeconds: 30 }, 1);
    await assert.rejects(
      tokens.get(contosoConnection, scope, never),
      (error: { fault: string; retryAfterMs: number }) => {
        assert.deepEqual([error.fault, error.retryAfterMs], ['throttled', 30_000]);
        return true;
      },
    );
    assert.ok(await tokens.get(contosoConnection, scope, never));
  });

  it('fail as unavailable when Entra hangs, breaks or answers with HTML', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'entra_hang' }, 1);
    const hasty = bench.tokens({ limits: { timeoutMs: 150, maxBytes: 100_000 } });
    await assert.rejects(hasty.get(contosoConnection, scope, never), faultOf('unavailable', /no answer in 150 ms/));
    bench.cloud.faults.turnOn(tenant, { kind: 'entra_error', status: 502, html: true });
    await assert.rejects(bench.tokens().get(contosoConnection, scope, never), faultOf('unavailable', /HTTP 502/));
    const nobody = bench.tokens({ transport: sandboxTransport('http://127.0.0.1:9') });
    await assert.rejects(nobody.get(contosoConnection, scope, never), faultOf('unavailable', /could not be reached/));
  });

  it('let one caller give up without taking the request from the others', async () => {
    const tokens = bench.tokens();
    const stop = new AbortController();
    const [hasty, patient] = [
      tokens.get(contosoConnection, scope, stop.signal),
      tokens.get(contosoConnection, scope, never),
    ];
    stop.abort(new Error('enough'));
    await assert.rejects(hasty, /enough/);
    assert.ok(await patient);
    assert.equal(bench.tokenPosts(), 1);
  });

  it('name the consent that is missing and where to grant it', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'consent_revoked' });
    const consent = new RegExp(`login.microsoftonline.com/${tenant}/adminconsent\\?client_id=${sandboxApp.clientId}`);
    await assert.rejects(bench.tokens().get(contosoConnection, scope, never), faultOf('on_hold', consent, /700016/));
  });

  it('name a secret that expired, one that is wrong, and a tenant that does not exist', async () => {
    const get = (credentials = withSecret) => bench.tokens({ credentials }).get(contosoConnection, scope, never);
    await assert.rejects(
      get(() => app(bad)),
      faultOf('on_hold', /secret's value, not its id/, /7000215/),
    );
    bench.cloud.faults.turnOn(tenant, { kind: 'secret_expired' });
    await assert.rejects(get(), faultOf('on_hold', /has expired/, new RegExp(sandboxApp.clientId), /7000222/));
    const nowhere = { tenantId: 'x', entraTenantId: '00000000-0000-4000-8000-000000000000' };
    await assert.rejects(bench.tokens().get(nowhere, scope, never), faultOf('on_hold', /does not exist/, /90002/));
    await assert.rejects(
      get(() => app()),
      faultOf('on_hold', /No credential is configured/),
    );
  });

  it('come by the second credential when the first has run out, and by a rotated one without a restart', async () => {
    await bench.tokens({ credentials: () => app(bad, good) }).get(contosoConnection, scope, never);
    const expired: Credential = { ...bad, expiresAt: new Date(0) };
    const before = bench.tokenPosts();
    await bench.tokens({ credentials: () => app(expired, good) }).get(contosoConnection, scope, never);
    assert.equal(bench.tokenPosts(), before + 1, 'the expired one is not even tried');
    let current = bad;
    const tokens = bench.tokens({ credentials: () => app(current) });
    await assert.rejects(tokens.get(contosoConnection, scope, never), faultOf('on_hold'));
    current = good;
    assert.ok(await tokens.get(contosoConnection, scope, never));
  });

  it('come by the credential that was accepted last, so that Entra is not asked in vain each time', async () => {
    let both = [bad, good];
    const tokens = bench.tokens({ credentials: () => app(...both) });
    for (let i = 0; i < 3; i += 1) await tokens.get(contosoConnection, scope, never);
    assert.equal(bench.tokenPosts(), 2, 'once refused, once given, then kept');
    await tokens.get(fabrikamConnection, scope, never);
    assert.equal(bench.tokenPosts(), 3, 'another tenant of the same application does not try the bad one');
    both = [good, { ...good, expiresAt: new Date(0) }];
    assert.ok(await tokens.get(contosoConnection, scope, never));
  });

  it('come by the second credential when the file of the first went away, and name both when neither works', async () => {
    const gone: Credential = { kind: 'unusable', fault: 'READER_APP_SECRET_FILE names a file that cannot be read' };
    assert.ok(await bench.tokens({ credentials: () => app(gone, good) }).get(contosoConnection, scope, never));
    assert.equal(bench.tokenPosts(), 1, 'Entra is not asked with a credential that is none');
    const neither = bench.tokens({ credentials: () => app(gone, bad) }).get(contosoConnection, scope, never);
    await assert.rejects(neither, faultOf('on_hold', /READER_APP_SECRET_FILE names/, /7000215/));
  });

  it('come by an assertion file that is read at each request, and say so when it is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assertion-'));
    const assertionFile = join(folder, 'token');
    try {
      const tokens = bench.tokens({ credentials: () => app({ kind: 'federated', assertionFile }) });
      await assert.rejects(tokens.get(contosoConnection, scope, never), faultOf('on_hold', /ENOENT/));
      writeFileSync(assertionFile, 'signed.assertion.here\n');
      assert.ok(await tokens.get(contosoConnection, scope, never));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('come by a certificate; a certificate that is none is named', async function () {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    try {
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
      try {
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=avian', ...files], {
          stdio: 'ignore',
        });
      } catch {
        return this.skip();
      }
      const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
      const certificate: Credential = { kind: 'certificate', certificate: pem('cert.pem'), privateKey: pem('key.pem') };
      assert.ok(await bench.tokens({ credentials: () => app(certificate) }).get(contosoConnection, scope, never));
      const broken = { ...certificate, certificate: 'nonsense' };
      const failing = bench.tokens({ credentials: () => app(broken) }).get(contosoConnection, scope, never);
      await assert.rejects(failing, faultOf('on_hold', /cannot be used/));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
