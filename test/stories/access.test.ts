import assert from 'node:assert/strict';
import { alex, ana, bo, channels, cora, dana, eve, finn, guest, helpdesk, maya, stranger } from '../helpers/cast.js';
import type { DirectoryPerson } from '../../sandbox/teams/directory.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardOf } from '../../sandbox/teams/message.js';
import { press, pressWith, readOf, wordsOf } from '../helpers/shown.js';
import { alertArrives, auditOf } from './support/story.js';
import type { Told } from './support/story.js';

const notHere = 'Not found here. Check the number; it may belong to another tenant.';

describe('Who may do what', () => {
  let on: Installation;
  before(async () => (on = await openInstallation()));
  after(() => on.close());

  const refusalsOf = async (person: DirectoryPerson) =>
    (await auditOf(on, { outcome: 'refused' })).filter((row) => row.actor.endsWith(person.aadObjectId));

  const outsiders: readonly [DirectoryPerson, string, RegExp][] = [
    [guest, 'a guest', /does not know you.*runs this installation can add you/],
    [stranger, 'somebody without a role', /does not know you.*runs this installation can add you/],
    [dana, 'a member who was switched off', /switched off.*command line: member add/],
    [eve, 'a person of an Entra tenant that is not accepted', /not connected to this bot.*can add its Entra tenant/],
    [finn, 'an analyst of another tenant', /not a member of the tenant.*command line: member add/],
  ];
  for (const [person, who, answer] of outsiders) {
    it(`${who} is refused on a card and by command, reads who can help, and it is audited`, async () => {
      const alert = await alertArrives(on);
      assert.match(readOf(await press(on.teams, person.name, alert.shown(), 'alert.take')), answer);
      const { message } = await on.teams.say(
        person.name,
        channels.contosoAlerts,
        `<at>AVIAN</at> assign ${alert.name}`,
      );
      assert.match(
        on.teams
          .replies(message.id)
          .map((one) => one.text)
          .join(),
        answer,
      );
      assert.equal((await alert.row()).status, 'open');
      const written = person === eve ? 1 : 2;
      assert.equal((await refusalsOf(person)).length, written, 'each in a tenant, one a minute outside of any');
    });
  }

  it('a role that may not do it reads which role may; the attempt is audited', async () => {
    const alert = await alertArrives(on);
    assert.match(
      readOf(await press(on.teams, helpdesk.name, alert.shown(), 'alert.take')),
      /Your role here \(helpdesk analyst\) does not allow this/,
    );
    assert.match(
      readOf(await press(on.teams, maya.name, alert.shown(), 'alert.take')),
      /Your role here \(manager\) does not allow this; it takes/,
    );
    const refused = await auditOf(on, { entity_id: alert.id, action: 'alert.take', outcome: 'refused' });
    assert.equal(refused.length, 2);
  });

  it('an installation admin links a channel to a tenant in which they hold no membership', async () => {
    const links = await on.database.admin('channel_links').where({ tenant_id: on.tenantIds.fabrikam, state: 'active' });
    assert.equal(links.length, 1);
    const admitted = await on.database
      .admin('tenant_members')
      .where({ tenant_id: on.tenantIds.fabrikam, role: 'super_admin' });
    assert.equal(admitted.length, 1, 'the grant became a row with the act');
  });

  it('says on linking who reads the cards without a right to', async () => {
    const { message } = await on.teams.say(alex.name, channels.contosoAlerts, '<at>AVIAN</at> link alerts Contoso');
    const answer = on.teams.replies(message.id)[0]?.text ?? '';
    assert.match(answer, /come here already.*without the right to read them: .*Gus Weber/);
    assert.doesNotMatch(answer, /Ana Ortiz/);
  });

  it('an analyst may not link a channel', async () => {
    const { message } = await on.teams.say(ana.name, channels.lobby, '<at>AVIAN</at> link alerts Contoso');
    assert.match(on.teams.replies(message.id)[0]?.text ?? '', /Your role here/);
  });

  describe('An analyst of one tenant only', () => {
    let foreign: Told;
    let incidentId: string;
    const chat = () => [...on.teams.conversations.values()].find((one) => one.personId === personId())?.id ?? '';
    const personId = () => [...on.teams.people.values()].find((one) => one.name === cora.name)?.id;
    const lastInChat = () => on.teams.messages(chat()).at(-1);

    before(async () => {
      foreign = await alertArrives(on, { title: 'Secret of Fabrikam' }, 'fabrikam');
      for (const verb of ['alert.take', 'alert.investigate', 'alert.escalate']) {
        await press(on.teams, finn.name, foreign.shown(), verb);
        await on.delivered();
      }
      const incident = await on.database
        .admin<{ id: string; tenant_id: string }>('security_incidents')
        .where({ tenant_id: on.tenantIds.fabrikam })
        .first();
      incidentId = incident?.id ?? '';
    });

    const alertVerbs = ['take', 'assign', 'investigate', 'escalate', 'close', 'release', 'reopen'].map(
      (one) => `alert.${one}`,
    );
    const incidentVerbs = ['start', 'resolve', 'dismiss', 'reopen', 'handOver', 'linkAlert'].map(
      (one) => `incident.${one}`,
    );
    const inputs = {
      outcome: 'closed_benign',
      notes: 'long enough to be taken',
      reason: 'because it is so',
      summary: 'all is well again',
      justification: 'nothing happened',
      assigneeId: '5eed0000-0000-4000-8000-000000000011',
      ownerId: '5eed0000-0000-4000-8000-000000000011',
      alertId: '5eed0000-0000-4000-8000-000000000012',
    };
    const forged = () => [
      ...[...alertVerbs, 'card.refresh'].map((verb) => ({ verb, entity: 'alert', entityId: foreign.id })),
      ...[...incidentVerbs, 'card.refresh'].map((verb) => ({ verb, entity: 'incident', entityId: incidentId })),
    ];

    it('reaches nothing of the other by a forged button of any verb: one answer, an audit row, nothing changed', async () => {
      const own = await alertArrives(on);
      const before = await foreign.row();
      for (const data of forged()) {
        const told = { ...data, ...inputs, tenantId: on.tenantIds.contoso, version: 1, schema: 1 };
        const answer = readOf(await pressWith(on.teams, cora.name, own.shown().message, told));
        const wanted = ['incident.handOver', 'alert.assign'].includes(data.verb)
          ? /Your role here|Not found here/
          : /^Not found here/;
        assert.match(answer, wanted, `${data.verb}: ${answer}`);
        if (wanted.source.startsWith('^')) assert.equal(answer, notHere);
        const [row] = (await auditOf(on, { entity_id: data.entityId, tenant_id: on.tenantIds.contoso })).slice(-1);
        assert.equal(row?.outcome, 'refused', `${data.verb} is audited`);
      }
      assert.deepEqual(await foreign.row(), before);
    });

    it('reaches nothing by naming the other tenant on the card, in the channel or in the chat', async () => {
      const own = await alertArrives(on);
      const chatMessage = (await on.teams.say(cora.name, chat(), 'queue')).message;
      for (const data of forged()) {
        const told = { ...data, ...inputs, tenantId: on.tenantIds.fabrikam, version: 1, schema: 1 };
        const here = readOf(await pressWith(on.teams, cora.name, own.shown().message, told));
        assert.match(here, /^This conversation serves another tenant\./, data.verb);
        const there = readOf(await pressWith(on.teams, cora.name, chatMessage, told));
        assert.match(there, /^You are not a member of the tenant this belongs to\./, data.verb);
      }
      const unknown = {
        verb: 'alert.take',
        entity: 'alert',
        entityId: foreign.id,
        tenantId: foreign.id,
        version: 1,
        schema: 1,
      };
      assert.match(
        readOf(await pressWith(on.teams, cora.name, chatMessage, unknown)),
        /^You are not a member of the tenant/,
        'a tenant that does not exist sounds the same',
      );
      const inChannel = (await refusalsOf(cora)).filter((row) => row.tenant_id === on.tenantIds.contoso);
      assert.equal(inChannel.length, forged().length, 'each try in the channel is audited in the tenant it serves');
    });

    it('opens no form about it either', async () => {
      const own = await alertArrives(on);
      for (const data of forged()) {
        const told = {
          ...data,
          tenantId: on.tenantIds.contoso,
          version: 1,
          schema: 1,
          msteams: { type: 'task/fetch' },
        };
        const opened = await on.teams.openDialog(cora.name, own.shown().message.id, told);
        assert.equal(opened.outcome, 'message', data.verb);
        assert.match(readOf(opened), /^(Not found here|This button opens no form|Your role here)/, data.verb);
        const sent = await on.teams.submitDialog(cora.name, channels.contosoAlerts, { ...told, ...inputs });
        assert.match(readOf(sent), /^(Not found here|Your role here)/, data.verb);
      }
    });

    it('reaches nothing by any command with a number', async () => {
      const commands = [
        'show A-9999',
        'assign A-9999',
        'investigate A-9999',
        'escalate A-9999',
        'unassign A-9999 note',
        'close A-9999 benign it is quite harmless',
        'reopen A-9999 why',
        'show INC-1',
        'start INC-1',
        'resolve INC-1 done',
        'dismiss INC-1 no',
        'reopen INC-1 why',
        'link A-9999 to INC-1',
        'show A-1 Fabrikam',
        'Fabrikam: show A-1',
      ];
      const secret = /Secret of Fabrikam|Fabrikam/;
      for (const command of commands) {
        await on.teams.say(cora.name, chat(), command);
        const answer = lastInChat();
        const words = `${answer?.text ?? ''} ${wordsOf(answer && cardOf(answer))}`;
        assert.doesNotMatch(words.replaceAll(command, ''), /Secret of Fabrikam/, command);
        if (!/Fabrikam/.test(command)) assert.match(words, /Not found here/, `${command}: ${words}`);
        else assert.ok(!secret.test(words.replace(/"[^"]*"/g, '')), `${command}: ${words}`);
      }
    });

    it('sees none of it in any list', async () => {
      for (const command of ['queue', 'mine', 'incidents', 'incidents all', 'whoami']) {
        await on.teams.say(cora.name, chat(), command);
        const answer = lastInChat();
        assert.doesNotMatch(`${answer?.text ?? ''} ${wordsOf(answer && cardOf(answer))}`, /Fabrikam/, command);
      }
    });
  });

  it('who serves several tenants is asked which, in the personal chat', async () => {
    const person = [...on.teams.people.values()].find((one) => one.name === bo.name);
    const chat = [...on.teams.conversations.values()].find((one) => one.personId === person?.id)?.id ?? '';
    await on.teams.say(bo.name, chat, 'queue');
    assert.match(on.teams.messages(chat).at(-1)?.text ?? '', /Which tenant: Contoso, Fabrikam\?/);
  });
});
