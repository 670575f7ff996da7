import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { TeamsAdapter } from '../../bot/adapter.js';
import { createBotToken } from '../../bot/delivery/bot-token.js';
import { clicked, openDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';

const ISSUER = 'https://api.botframework.com';
const SERVICE = 'https://smba.trafficmanager.net/amer/';
const APP = randomUUID();

describe('The verification of who posts an activity', () => {
  let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
  let stranger: CryptoKey;
  let issuer: Server;
  let desk: Desk;
  let tokensAsked = 0;

  before(async () => {
    keys = await generateKeyPair('RS256');
    stranger = (await generateKeyPair('RS256')).privateKey;
    const jwk = {
      ...(await exportJWK(keys.publicKey)),
      kid: 'k1',
      use: 'sig',
      alg: 'RS256',
      endorsements: ['msteams'],
    };
    issuer = createServer((request, response) => {
      const { port } = issuer.address() as AddressInfo;
      const document = request.url === '/keys' ? { keys: [jwk] } : { jwks_uri: `http://127.0.0.1:${port}/keys` };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const { port } = issuer.address() as AddressInfo;
    desk = await openDesk({
      mode: {
        kind: 'teams',
        appId: APP,
        cloud: 'worldwide',
        acquireToken: () => {
          tokensAsked++;
          return Promise.resolve({ accessToken: 'secret', expiresOn: new Date(Date.now() + 3_600_000) });
        },
        issuedBy: { issuer: ISSUER, openIdMetadataUrl: `http://127.0.0.1:${port}/${randomUUID()}` },
      },
    });
  });
  after(async () => {
    await desk.close();
    issuer.close();
  });
  beforeEach(() => desk.calls.splice(0));

  const claims = (changes: object = {}) => ({ serviceurl: SERVICE, iss: ISSUER, aud: APP, ...changes });
  const sign = (payload: object, key: CryptoKey = keys.privateKey, header: object = {}, until = '1h') =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
      .setIssuedAt()
      .setExpirationTime(until)
      .sign(key);
  const activity = (changes: object = {}) => clicked(desk, { verb: 'list.page' }, { serviceUrl: SERVICE, ...changes });
  const status = async (authorization: string | null, body: unknown = activity()) =>
    (await desk.post(body, authorization === null ? {} : { authorization })).status;

  it('lets a signed activity in', async () => {
    assert.equal(await status(`Bearer ${await sign(claims())}`), 200);
  });

  it('lets nobody else in, and nothing runs', async () => {
    const longAgo = Math.floor(Date.now() / 1000) - 3600;
    const [head, body] = (await sign(claims())).split('.');
    const hs256 = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(new Uint8Array(32));
    const refused: Record<string, string | null> = {
      missing: null,
      empty: '',
      basic: 'Basic dTpw',
      garbage: 'Bearer garbage',
      'two dots': 'Bearer a.b.c',
      'wrong audience': `Bearer ${await sign(claims({ aud: randomUUID() }))}`,
      'no audience': `Bearer ${await sign({ serviceurl: SERVICE, iss: ISSUER })}`,
      'wrong issuer': `Bearer ${await sign(claims({ iss: 'https://evil.example' }))}`,
      'issuer of the emulator': `Bearer ${await sign(claims({ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0', appid: APP }))}`,
      'other service URL': `Bearer ${await sign(claims({ serviceurl: 'https://smba.trafficmanager.net/emea/' }))}`,
      'no service URL': `Bearer ${await sign({ iss: ISSUER, aud: APP })}`,
      expired: `Bearer ${await sign(claims(), keys.privateKey, {}, new Date(longAgo * 1000) as unknown as string)}`,
      'unknown key': `Bearer ${await sign(claims(), keys.privateKey, { kid: 'k2' })}`,
      "stranger's signature": `Bearer ${await sign(claims(), stranger)}`,
      'no signature': `Bearer ${head}.${body}.`,
      'alg none': `Bearer ${new UnsecuredJWT(claims()).setIssuedAt().setExpirationTime('1h').encode()}`,
      HS256: `Bearer ${hs256}`,
    };
    for (const [name, authorization] of Object.entries(refused)) {
      const answered = await status(authorization);
      assert.ok(answered === 401 || answered === 403, `${name}: ${answered}`);
    }
    assert.deepEqual(desk.calls, []);
  });

  it('refuses an activity from elsewhere, whatever its token', async () => {
    const authorization = `Bearer ${await sign(claims({ serviceurl: 'https://evil.example/' }))}`;
    assert.equal(await status(authorization, activity({ serviceUrl: 'https://evil.example/' })), 403);
    assert.equal(await status(authorization, activity({ serviceUrl: desk.connector.url })), 403);
    assert.equal(await status(authorization, activity({ serviceUrl: undefined })), 400);
    assert.equal(await status(authorization, activity({ channelId: 'emulator' })), 400);
    assert.equal(await status(authorization, {}), 400);
    assert.equal(await status(authorization, []), 400);
    assert.equal(await status(authorization, 'text'), 400);
    assert.deepEqual(desk.calls, []);
  });

  it('keeps the token from an address outside the allow-list', async () => {
    const before = desk.connector.calls.length;
    const to = {
      conversationId: 'x',
      kind: 'personal',
      serviceUrl: desk.connector.url,
      entraTenantId: '',
      botId: '',
    } as const;
    await assert.rejects(desk.gateway.post(to, { text: 'x' }), { fault: 'lost' });
    assert.deepEqual([desk.connector.calls.length - before, tokensAsked], [0, 0]);
  });
});

describe('The adapter', () => {
  it('does not start without credentials on an address that others can reach', () => {
    assert.throws(() => new TeamsAdapter({ mode: { kind: 'local', host: '0.0.0.0' } }), /loopback only/);
    const blank = { kind: 'teams', appId: ' ', cloud: 'worldwide', acquireToken: () => Promise.resolve(null) } as const;
    assert.throws(() => new TeamsAdapter({ mode: blank }), /no application id/);
  });
});

describe("The bot's token", () => {
  it('is asked for once by many, kept, and asked for anew after a refusal', async () => {
    let asked = 0;
    const token = createBotToken(() =>
      Promise.resolve({ accessToken: `t${++asked}`, expiresOn: new Date(Date.now() + 3.6e6) }),
    );
    const many = await Promise.all(Array.from({ length: 10 }, () => token.read('s')));
    assert.deepEqual(new Set(many), new Set(['t1']));
    assert.equal(await token.read('s'), 't1');
    token.forget();
    assert.equal(await token.read('s'), 't2');
  });

  it('that expires within five minutes is not used', async () => {
    let asked = 0;
    const soon = () => new Date(Date.now() + 4 * 60_000);
    const token = createBotToken(() => Promise.resolve({ accessToken: `t${++asked}`, expiresOn: soon() }));
    assert.deepEqual([await token.read('s'), await token.read('s')], ['t1', 't2']);
  });

  it('that Entra refuses is a fault by name, and the next attempt asks again', async () => {
    let asked = 0;
    const token = createBotToken(() => (++asked === 1 ? Promise.reject(new Error('7000222')) : Promise.resolve(null)));
    await assert.rejects(token.read('s'), { name: 'BotTokenError' });
    await assert.rejects(token.read('s'), /without a token/);
  });
});
