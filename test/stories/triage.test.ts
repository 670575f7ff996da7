import assert from 'node:assert/strict';
import type { SecurityIncidentsRow } from '../../database/rows.js';
import { inTenant } from '../../database/transaction.js';
import { sealAudit } from '../../domain/audit/seal.js';
import { verifyChain } from '../../domain/audit/verify.js';
import { alex, ana, bo, channels, maya, userIdOf } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardOn, cardsIn, dataOf, fillIn, press, readOf, repliesTo, verbsOf, wordsOf } from '../helpers/shown.js';
import { alertArrives, auditOf, entra } from './support/story.js';

describe('Triage, from a new alert to a resolved incident', () => {
  let on: Installation;
  before(async () => (on = await openInstallation({ apps: 2 })));
  after(() => on.close());

  const incidents = () => cardsIn(on.teams, channels.contosoIncidents);

  it('is assigned, investigated, escalated, worked on and resolved; every answer and everybody’s card show it', async () => {
    const alert = await alertArrives(on, { title: 'Mimikatz ran', severity: 'high' });
    const step = async (verb: string, status: RegExp) => {
      assert.match(readOf(await press(on.teams, ana.name, alert.shown(), verb)), status, 'the answer to the click');
      await on.delivered();
      assert.match(wordsOf(alert.shown().card), status, 'the card that everybody sees');
    };
    await step('alert.take', /Assigned \|.*Ana Ortiz/);
    await step('alert.investigate', /Investigating \|/);
    await step('alert.escalate', /Escalated \|.*INC-1 · Open/);
    const [incident] = incidents();
    assert.ok(incident && incidents().length === 1, 'one incident card, in its own channel');
    assert.match(wordsOf(incident.card), /▲ High · INC-1.*Mimikatz ran.*Ana Ortiz.*running/i);

    assert.match(readOf(await press(on.teams, ana.name, incident, 'incident.start')), /In progress/);
    await on.delivered();
    assert.match(wordsOf(alert.shown().card), /INC-1 · In progress/);
    const current = cardOn(on.teams, channels.contosoIncidents, 'INC-1');
    const summary = 'Host reimaged, account reset';
    assert.match(
      readOf(
        await fillIn(on.teams, ana.name, current, 'incident.resolve', { reason: summary, summary, notes: summary }),
      ),
      /INC-1.*Resolved/,
    );
    await on.delivered();
    assert.match(wordsOf(cardOn(on.teams, channels.contosoIncidents, 'INC-1').card), /Resolved \|.*Host reimaged/);
    assert.match(wordsOf(alert.shown().card), /INC-1 · Resolved/);

    assert.deepEqual(repliesTo(on.teams, alert.shown().message.id), [
      'Ana Ortiz took it.',
      'Ana Ortiz started the investigation.',
      'Ana Ortiz escalated it to an incident.',
    ]);
    assert.deepEqual(repliesTo(on.teams, incident.message.id).slice(-2), [
      'Ana Ortiz started work.',
      `Ana Ortiz resolved it: ${summary}`,
    ]);
    const row = await on.database
      .admin<SecurityIncidentsRow>('security_incidents')
      .where({ tenant_id: on.tenantIds.contoso, number: 1 })
      .first();
    assert.equal(row?.status, 'resolved');
    assert.ok(row.acknowledged_at && row.investigation_started_at && row.resolved_at);
  });

  it('is closed with an outcome and notes, undone by the same person, and closed again', async () => {
    const alert = await alertArrives(on);
    await press(on.teams, ana.name, alert.shown(), 'alert.take');
    await on.delivered();
    const closing = { outcome: 'closed_false_positive', notes: 'The known scanner of the IT department' };
    assert.match(
      readOf(await fillIn(on.teams, ana.name, alert.shown(), 'alert.close', closing)),
      /Closed as false positive/,
    );
    await on.delivered();
    assert.match(wordsOf(alert.shown().card), /Closed as false positive \|.*The known scanner/);
    assert.match(
      readOf(await fillIn(on.teams, bo.name, alert.shown(), 'alert.reopen', { reason: 'I doubt it' })),
      /only Ana Ortiz or an admin may reopen/,
    );
    assert.match(
      readOf(await fillIn(on.teams, ana.name, alert.shown(), 'alert.reopen', { reason: '' })),
      /Open/,
      'an undo needs no reason',
    );
    await on.delivered();
    assert.deepEqual(
      verbsOf(alert.shown().card).filter((verb) => verb.startsWith('alert.')),
      ['alert.take', 'alert.assign'],
    );
  });

  it('a repeat right after closing only counts; one after the window is a new alert that names the old one', async () => {
    const alert = await alertArrives(on);
    await press(on.teams, ana.name, alert.shown(), 'alert.take');
    await on.delivered();
    await fillIn(on.teams, ana.name, alert.shown(), 'alert.close', {
      outcome: 'closed_benign',
      notes: 'an exercise of the red team',
    });
    on.cloud.repeatAlert(entra.contoso, alert.microsoftId);
    await on.sync();
    assert.equal((await alert.row()).seen_count, 2);
    await on.database.admin.raw(
      `update security_alerts set created_at = created_at - interval '1 hour', assigned_at = assigned_at - interval '1 hour',
         first_seen_at = first_seen_at - interval '1 hour', closed_at = closed_at - interval '1 hour' where id = ?`,
      [alert.id],
    );
    on.cloud.repeatAlert(entra.contoso, alert.microsoftId);
    await on.sync();
    await on.delivered();
    const again = await alert.row();
    assert.deepEqual([again.recurrence_of, again.seen_count, again.status], [alert.id, 1, 'open']);
    assert.match(
      wordsOf(cardOn(on.teams, channels.contosoAlerts, `A-${again.number}`).card),
      new RegExp(`Recurrence of \\| ${alert.name}`),
    );
    assert.match(
      readOf(await fillIn(on.teams, ana.name, alert.shown(), 'alert.reopen', { reason: 'after all' })),
      /came back as A-\d+, so it cannot be reopened/,
    );
  });

  it('a repeat of an escalated alert counts and shows on its card; the workflow is untouched', async () => {
    const alert = await alertArrives(on);
    for (const verb of ['alert.take', 'alert.investigate', 'alert.escalate']) {
      await press(on.teams, bo.name, alert.shown(), verb);
      await on.delivered();
    }
    on.cloud.repeatAlert(entra.contoso, alert.microsoftId);
    await on.sync();
    await on.delivered();
    const { status, seen_count } = await alert.row();
    assert.deepEqual([status, seen_count], ['escalated', 2]);
    assert.match(wordsOf(alert.shown().card), /Seen 2 times/);
  });

  it('a manager gives an alert and an incident to somebody, with a reason that stands in the thread', async () => {
    const alert = await alertArrives(on);
    const [anaId, boId] = [await userIdOf(on.database.admin, ana), await userIdOf(on.database.admin, bo)];
    assert.match(
      readOf(await fillIn(on.teams, ana.name, alert.shown(), 'alert.assign', { assigneeId: boId, reason: 'no' })),
      /Your role here/,
    );
    assert.match(
      readOf(
        await fillIn(on.teams, maya.name, alert.shown(), 'alert.assign', { assigneeId: boId, reason: 'Bo knows it' }),
      ),
      /Assigned \(Bo Lindqvist\)/,
    );
    await on.delivered();
    assert.ok(repliesTo(on.teams, alert.shown().message.id).includes('Maya Chen assigned it: Bo knows it'));
    for (const verb of ['alert.investigate', 'alert.escalate']) {
      await press(on.teams, bo.name, alert.shown(), verb);
      await on.delivered();
    }
    const incident = incidents().at(-1);
    assert.ok(incident);
    assert.match(
      readOf(
        await fillIn(on.teams, alex.name, incident, 'incident.handOver', { ownerId: anaId, reason: 'Bo is on leave' }),
      ),
      /Ana Ortiz/,
    );
    await on.delivered();
    const handed = cardOn(on.teams, channels.contosoIncidents, incident.name);
    assert.match(
      readOf(await press(on.teams, bo.name, handed, 'incident.start')),
      /belongs to Ana Ortiz, so only Ana Ortiz may do this/,
    );
    assert.match(readOf(await press(on.teams, ana.name, handed, 'incident.start')), /In progress/);
  });

  it('more alerts are linked to an incident by its owner, and an incident is dismissed and reopened', async () => {
    const [first, second] = [await alertArrives(on), await alertArrives(on)];
    for (const alert of [first, second]) {
      await press(on.teams, ana.name, alert.shown(), 'alert.take');
      await on.delivered();
      await press(on.teams, ana.name, alert.shown(), 'alert.investigate');
      await on.delivered();
    }
    await press(on.teams, ana.name, first.shown(), 'alert.escalate');
    await on.delivered();
    const incident = incidents().at(-1);
    assert.ok(incident);
    const current = () => cardOn(on.teams, channels.contosoIncidents, incident.name);
    assert.match(
      readOf(await fillIn(on.teams, ana.name, current(), 'incident.linkAlert', { alertId: second.id })),
      new RegExp(incident.name),
    );
    await on.delivered();
    assert.equal((await second.row()).status, 'escalated');
    assert.match(wordsOf(current().card), new RegExp(`${second.name}`));
    const why = { reason: 'a test of the customer', justification: 'a test of the customer' };
    assert.match(readOf(await fillIn(on.teams, ana.name, current(), 'incident.dismiss', why)), /Dismissed/);
    await on.delivered();
    assert.match(
      readOf(await fillIn(on.teams, ana.name, current(), 'incident.reopen', { reason: 'it was none' })),
      /In progress/,
    );
    await on.delivered();
    assert.match(wordsOf(current().card), /In progress/);
  });

  it('the same acts are commands, in the channel and in the chat', async () => {
    const alert = await alertArrives(on);
    const person = [...on.teams.people.values()].find((one) => one.name === ana.name);
    const chat = [...on.teams.conversations.values()].find((one) => one.personId === person?.id)?.id ?? '';
    const say = async (text: string) => {
      const { message } = await on.teams.say(ana.name, channels.contosoAlerts, `<at>AVIAN</at> ${text}`);
      return repliesTo(on.teams, message.id).join();
    };
    assert.match(await say(`assign ${alert.name}`), /Assigned \(Ana Ortiz\)/);
    assert.match(await say(`/unassign ${alert.name} the wrong one`), /Open/);
    assert.match(await say(`assign ${alert.name} me`), /Assigned/);
    assert.match(await say(`investigate ${alert.name}`), /Investigating/);
    assert.match(await say(`close ${alert.name} benign`), /at least 10 characters/);
    assert.match(await say(`escalate ${alert.name}`), /Escalated/);
    await on.delivered();
    const incident = incidents().at(-1)?.name ?? '';
    await on.teams.say(ana.name, chat, `Contoso: start ${incident}`);
    assert.match(wordsOf(on.teams.messages(chat).at(-1)?.attachments.at(0)?.content), /In progress/);
    assert.match(await say(`resolve ${incident} all clean again`), /Resolved/);
    assert.match(await say('reslove INC-1'), /Did you mean .resolve/);
    assert.match(await say('queue'), /A-\d+/);
  });

  it('an old button that only knows Action.Submit does the same, and answers in the thread', async () => {
    const alert = await alertArrives(on);
    const { card, message } = alert.shown();
    const result = await on.teams.click(bo.name, message.id, {
      type: 'Action.Submit',
      data: dataOf(card, 'alert.take'),
    });
    assert.equal(result.outcome, 'done');
    await on.delivered();
    assert.equal((await alert.row()).status, 'assigned');
    assert.match(wordsOf(alert.shown().card), /Assigned \|.*Bo Lindqvist/);
  });

  it('a form with a mistake stays open, says what is missing and keeps what was typed', async () => {
    const alert = await alertArrives(on);
    await press(on.teams, ana.name, alert.shown(), 'alert.take');
    await on.delivered();
    const again = await fillIn(on.teams, ana.name, alert.shown(), 'alert.close', {
      outcome: 'closed_benign',
      notes: 'short',
    });
    assert.equal(again.outcome, 'dialog');
    assert.match(readOf(again), /at least 10 characters/);
    assert.match(JSON.stringify(again.outcome === 'dialog' ? again.dialog.card : null), /"value":"short"/);
    const noOutcome = await fillIn(on.teams, ana.name, alert.shown(), 'alert.close', {
      notes: 'These notes are long enough',
    });
    assert.match(readOf(noOutcome), /Choose an outcome/);
    assert.match(JSON.stringify(noOutcome), /These notes are long enough/);
    assert.equal((await alert.row()).status, 'assigned');
  });

  it('wrote one audit row for each act, each naming its activity, in a chain that verifies', async () => {
    const acts = await auditOf(on, { tenant_id: on.tenantIds.contoso, outcome: 'done' });
    const persons = acts.filter((row) => /^(alert|incident)\./.test(row.action));
    assert.ok(persons.length > 20);
    assert.ok(
      persons.every((row) => row.activity_id !== null),
      'every act names its Teams activity',
    );
    await sealAudit(on.database.db);
    const {
      tenantIds: { contoso },
      database: { db },
    } = on;
    const found = await inTenant(db, contoso, (trx) => verifyChain(trx.sql, contoso));
    assert.equal(found.broken, null);
    assert.equal(found.unsealed, 0);
    assert.ok(found.sound >= acts.length);
  });
});
