import assert from 'node:assert/strict';
import { commands, slashCommands } from '../../bot/commands/index.js';
import { nearest } from '../../bot/commands/nearest.js';
import { DomainError } from '../../domain/errors.js';
import type { Click } from '../../domain/services.js';
import { alertView, ann, bo, incidentView } from '../cards/views.js';
import { openDesk, personal, said } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { TENANT } from './support/recorded-services.js';

const ALERT = alertView().alert.id;
const INCIDENT = incidentView().incident.id;
const mention = (text: string, id: string, name: string) => ({ type: 'mention', text, mentioned: { id, name } });

describe('A command', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** What was answered: the text, or the words of the card. */
  async function say(text: string, changes: object = {}): Promise<string> {
    const before = desk.connector.calls.length;
    assert.equal((await desk.post(said(desk, text, changes))).status, 200);
    const sent = desk.connector.calls.slice(before).filter((call) => call.method === 'POST');
    assert.equal(sent.length, 1, 'one answer');
    const body = sent[0]?.body ?? {};
    return typeof body['text'] === 'string' ? body['text'] : JSON.stringify(body['attachments']);
  }
  const acts = () => desk.calls.filter(({ name }) => !/^(access|channels\.remember)|\.findByNumber$/.test(name));

  it('means the same with a slash, without it, and with the bot mentioned', async () => {
    const entities = [mention('<at>AVIAN</at>', '28:app', 'AVIAN')];
    await say('queue');
    await say('/queue');
    await say('<at>AVIAN</at>&nbsp; QUEUE', { entities });
    await say('<p><at>AVIAN</at> /queue</p>', { entities });
    assert.deepEqual(
      acts().map(({ name }) => name),
      ['alerts.queue', 'alerts.queue', 'alerts.queue', 'alerts.queue'],
    );
  });

  it('of every kind reaches its use case with what was said', async () => {
    const told: readonly [string, string, readonly unknown[]][] = [
      ['mine', 'alerts.mine', [null]],
      ['incidents', 'incidents.list', ['open', null]],
      ['incidents all', 'incidents.list', ['all', null]],
      ['assign A-1042', 'alerts.take', []],
      ['assign a1042 me', 'alerts.take', []],
      ['assign A-1042 “Bo Berg” knows this one', 'alerts.assign', [bo.userId, 'knows this one']],
      ['assign A-1042 bo knows this one', 'alerts.assign', [bo.userId, 'knows this one']],
      ['unassign A-1042 shift ends', 'alerts.release', ['shift ends']],
      ['investigate A-1042', 'alerts.investigate', []],
      ['escalate A-1042', 'alerts.escalate', []],
      ['close A-1042 benign “AV test” by IT &amp; co', 'alerts.close', ['closed_benign', '"AV test" by IT & co']],
      ['close A-1042 False Positive known tool', 'alerts.close', ['closed_false_positive', 'known tool']],
      ['close A-1042 false-positive known tool', 'alerts.close', ['closed_false_positive', 'known tool']],
      ['reopen A-1042 it is back', 'alerts.reopen', ['it is back']],
      ['reopen inc-42 it is back', 'incidents.reopen', ['it is back']],
      ['start INC-42', 'incidents.start', []],
      ['resolve INC-42 cleaned and restored', 'incidents.resolve', ['cleaned and restored']],
      ['dismiss INC-42 a test', 'incidents.dismiss', ['a test']],
      ['handover INC-42 @Bo holiday', 'incidents.handOver', [bo.userId, 'holiday']],
      ['link A-1042 to INC-42', 'incidents.linkAlert', [ALERT]],
    ];
    for (const [text, name, args] of told) {
      desk.calls.splice(0);
      await say(text);
      const [act] = acts();
      assert.equal(act?.name, name, text);
      assert.deepEqual(act?.args.slice(1), args, text);
      if (!/mine|list/.test(name)) {
        const { entityId, version } = act?.args[0] as Click;
        assert.deepEqual([entityId, version], [name.startsWith('alerts') ? ALERT : INCIDENT, null], text);
      }
    }
  });

  it('delivered three times has one key; said again it has another', async () => {
    const same = said(desk, 'assign A-1042');
    await Promise.all([desk.post(same), desk.post(same), desk.post(same)]);
    await desk.post(said(desk, 'assign A-1042'));
    const keys = desk.named('alerts.take').map(([click]) => (click as Click).idempotencyKey);
    assert.deepEqual([keys.length, new Set(keys).size], [4, 2]);
  });

  it('finds the person of a mention by the object id that the roster knows', async () => {
    desk.connector.members.set('29:bo', '99999999-2222-4333-8444-555555555555');
    const entities = [mention('<at>Boo</at>', '29:bo', 'Boo')];
    await say('assign A-1042 <at>Boo</at> please', { entities });
    await say('assign A-1042 <at>Boo</at> please', { entities });
    assert.deepEqual(
      desk.named('alerts.assign').map((args) => args.slice(1)),
      [
        [bo.userId, 'please'],
        [bo.userId, 'please'],
      ],
    );
    assert.equal(desk.connector.calls.filter((call) => call.path.includes('/members/')).length, 1, 'cached');
  });

  it('does not believe the name of a mention', async () => {
    const entities = [mention('<at>Bo Berg</at>', '29:mallory', 'Bo Berg')];
    desk.connector.members.set('29:mallory', '77777777-2222-4333-8444-555555555555');
    assert.match(await say('assign A-1042 <at>Bo Berg</at> x', { entities }), /may not do this work/);
    assert.deepEqual(desk.named('alerts.assign'), []);
  });

  it('does not choose between two people of one name', async () => {
    desk.answers.set('access.assignees', () => [bo, { ...ann, displayName: 'Bo Ek' }]);
    assert.match(await say('assign A-1042 bo please'), /Several people are called bo/);
    assert.match(await say('assign A-1042 eve please'), /Nobody called eve/);
  });

  it('answers in the thread of a channel with a sentence, and in a chat with the card', async () => {
    assert.match(await say('assign A-1042'), /^A-1042: .*\.$/);
    assert.equal(desk.connector.calls[0]?.path, '/v3/conversations/19:alerts@thread.tacv2;messageid=root/activities');
    assert.match(await say('assign A-1042', personal), /AdaptiveCard/);
    assert.equal(desk.connector.calls[1]?.path, '/v3/conversations/a:chat/activities');
    assert.match(await say('show A-1042'), /AdaptiveCard/);
  });

  it('links and unlinks the channel it is said in', async () => {
    assert.match(await say('link alerts'), /posted here now/);
    await say('link reports Contoso');
    await say('unlink');
    await say('unlink reports');
    const [first] = desk.named('channels.link');
    assert.deepEqual([first?.[1], first?.[2]], ['19:alerts@thread.tacv2', 'alerts']);
    assert.deepEqual(
      desk.named('access.resolveActor').map((args) => args[1]),
      [TENANT, TENANT, null, null],
    );
    assert.deepEqual(
      desk.named('channels.unlink').map((args) => args[2]),
      [null, 'reports'],
    );
    assert.match(await say('link reports Fabrikam'), /not a member of a tenant called Fabrikam/);
    assert.match(await say('link alerts', personal), /in that channel/);
  });

  it('in a chat asks which tenant when there are several, and takes its name before or after', async () => {
    const other = { tenantId: 'f', tenantName: 'Fabrikam Bank', role: 'security_analyst' };
    const own = { tenantId: TENANT, tenantName: 'Contoso', role: 'security_analyst' };
    desk.answers.set('access.memberships', () => [own, other]);
    assert.match(await say('queue', personal), /Which tenant: Contoso, Fabrikam Bank\?/);
    for (const text of [
      'queue Contoso',
      'Contoso queue',
      'contoso: queue',
      'queue "Fabrikam Bank"',
      'fabrikam bank queue',
    ]) {
      await say(text, personal);
    }
    assert.deepEqual(
      desk.named('access.resolveActor').map((args) => args[1]),
      [TENANT, TENANT, TENANT, 'f', 'f'],
    );
    await say('Contoso: close A-1042 benign mail of Fabrikam Bank', personal);
    assert.deepEqual(desk.named('alerts.close')[0]?.slice(1), ['closed_benign', 'mail of Fabrikam Bank']);
  });

  it('in a chat takes a tenant name with any sign in it', async () => {
    const signs = 'A-Z (Dev/Test) [x] {1} ^$ a|b? *.+ \\d # & ~ é-ß';
    desk.answers.set('access.memberships', () => [
      { tenantId: TENANT, tenantName: 'Contoso', role: 'security_analyst' },
      { tenantId: 'f', tenantName: signs, role: 'security_analyst' },
    ]);
    for (const text of [`queue ${signs}`, `${signs}: queue`, 'queue Contoso']) await say(text, personal);
    assert.deepEqual(
      desk.named('access.resolveActor').map((args) => args[1]),
      ['f', 'f', TENANT],
    );
  });

  it('that is unknown gets the nearest one and help', async () => {
    assert.match(await say('quue'), /Did you mean \\"queue\\"/);
    const help = await say('please help me');
    for (const { usage } of commands) assert.ok(help.includes(JSON.stringify(usage).slice(1, -1)), usage);
    assert.equal(nearest('xyzzy', ['queue', 'mine']), null);
  });

  it('that lacks a part is answered with how to say it', async () => {
    const incomplete: readonly [string, RegExp][] = [
      ['close', /A-12: close <A-n>/],
      ['close INC-3 benign x', /A-12: close <A-n>/],
      ['close A-1042 maybe', /benign or false-positive/],
      ['start A-1', /INC-3: start/],
      ['show me', /show <A-n\|INC-n\|ACT-n>/],
      ['show A-0', /show <A-n\|INC-n\|ACT-n>/],
      ['show A-99999999999999999999', /show <A-n\|INC-n\|ACT-n>/],
      ['incidents closed', /incidents \[open\|all\]/],
      ['link', /link alerts\|escalations\|reports/],
      ['unlink all', /unlink \[alerts/],
      ['handover INC-42', /Say who/],
    ];
    for (const [text, answer] of incomplete) assert.match(await say(text), answer, text);
    assert.deepEqual(acts(), []);
  });

  it('that is refused tells the sentence; one that hits a bug tells a reference', async () => {
    desk.answers.set('alerts.take', () => {
      throw new DomainError('conflict', 'Bo took this 4 s ago.');
    });
    assert.equal(await say('assign A-1042'), 'Bo took this 4 s ago.');
    desk.answers.set('alerts.take', () => {
      throw new TypeError('x is not a function');
    });
    assert.match(await say('assign A-1042'), /^Something went wrong on our side\. Reference [0-9a-f]{6}\.$/);
  });

  it('says who one is: everywhere in a chat, only here in a channel', async () => {
    desk.answers.set('access.memberships', () => [
      { tenantId: TENANT, tenantName: 'Contoso', role: 'security_analyst' },
      { tenantId: 'f', tenantName: 'Fabrikam', role: 'tenant_admin' },
    ]);
    assert.equal(await say('whoami'), 'You are Ann Ek, security analyst in Contoso.');
    assert.match(await say('whoami', personal), /security analyst in Contoso, manager in Fabrikam\./);
  });

  it('without an Entra identity is refused politely', async () => {
    assert.match(await say('queue', { from: { id: '29:x', name: 'Ann' } }), /work account/);
    assert.deepEqual(desk.calls, []);
  });

  it('is offered after a slash at most 12 times in each scope', () => {
    for (const scope of ['team', 'personal'] as const) {
      const offered = slashCommands(scope);
      assert.ok(offered.length > 0 && offered.length <= 12, `${scope}: ${offered.length}`);
    }
  });
});
