import assert from 'node:assert/strict';
import type { ActionCall } from '../../bot/actions/action.js';
import { open, perform } from '../../bot/actions/perform.js';
import type { Performance } from '../../bot/actions/perform.js';
import { runCommand } from '../../bot/commands/run.js';
import { entityData } from '../../cards/layout.js';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { ofType } from '../cards/walk.js';
import { insertDevice, setPolicy } from '../helpers/actions.js';
import { actorIn } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { rowsOf } from '../helpers/rows.js';

describe('Forms and commands about devices, kept in the database', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let maya: Actor;
  let device: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db, acting: { forceDryRun: false, canAct: true } });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    maya = await actorIn(t.admin, tenantId, 'tenant_admin', 'Maya');
    await actorIn(t.admin, tenantId, 'tenant_admin', 'Alex');
    device = await insertDevice(t.admin, tenantId);
    await setPolicy(t.admin, tenantId, { dryRun: false });
  });

  const nothing = () => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  let messages = 0;
  /** Somebody at a card of a channel; who it is was made sure of. */
  const by = (actor: Actor): Performance => {
    const { entraTenantId, aadObjectId, displayName } = actor;
    const place = { conversationId: '19:x', conversationKind: 'channel', activityId: `m${++messages}` } as const;
    const caller = { entraTenantId, aadObjectId, displayName, ...place };
    const actors = new Map([tenantId, ''].map((key) => [key, Promise.resolve(actor)]));
    const call: ActionCall = { services, caller, teamsId: null, cardActivityId: null, actors };
    return { call, log, fields: {}, noticeCard: nothing };
  };
  const onDevice = (verb: string) => ({ verb, ...entityData('device', { tenantId, id: device, version: 0 }) });
  const people = { mentioned: () => Promise.resolve(null), everybody: () => Promise.resolve(null) };
  const say = async (who: Actor, text: string) => {
    const reply = await runCommand(by(who).call, { text, mentions: [], botId: undefined }, people);
    return 'text' in reply ? reply.text : JSON.stringify(reply.card.content);
  };
  /** What the form would send, as it stands now. */
  const form = async (who: Actor, verb: string) => {
    const opened = await open(by(who), onDevice(verb));
    assert.equal(opened.kind, 'open');
    const [submit] = opened.kind === 'open' ? ofType(opened.dialog.card['actions'], 'Action.Submit') : [];
    return submit?.['data'] as Record<string, unknown> | undefined;
  };
  const actions = () => rowsOf(t.admin, 'edr_actions', tenantId);
  const written = { parameter: 'Full', reason: 'Emotet was run' };

  it('a form delivered three times at once asks once; the same form opened anew after a rejection asks again', async () => {
    const sent = { ...(await form(ann, 'device.isolate')), ...written };
    const results = await Promise.all([1, 2, 3].map(() => perform(by(ann), sent)));
    assert.deepEqual(
      results.map((result) => result.kind),
      ['done', 'done', 'done'],
    );
    assert.equal((await actions()).length, 1);
    assert.equal(await form(ann, 'device.isolate'), undefined, 'one at a time: there is nothing to send');
    assert.match(await say(maya, 'reject ACT-1 it is a drill'), /^ACT-1: isolation of .* was rejected\.$/);
    await perform(by(ann), { ...(await form(ann, 'device.isolate')), ...written });
    await perform(by(ann), sent);
    assert.deepEqual(
      (await actions()).map((row) => row['status']),
      ['rejected', 'requested'],
      'the words are the same, the first form is spent',
    );
  });

  it('a command asks for the one device that is called so; its approval is refused to the requester, with the card', async () => {
    const [row] = await rowsOf(t.admin, 'edr_devices', tenantId);
    const name = String(row?.['device_name']);
    assert.match(
      await say(ann, `isolate ${name} Emotet was run`),
      /^ACT-1: isolation of .* is requested\. Alex and Maya are asked\.$/,
    );
    const [action] = await actions();
    const approve = {
      verb: 'action.approve',
      ...entityData('action', { tenantId, id: String(action?.['id']), version: 1 }),
    };
    const own = await perform(by(ann), approve);
    assert.equal(own.kind, 'fresh');
    assert.equal(own.kind === 'fresh' && own.fault.code, 'refused');
    assert.equal((await perform(by(maya), approve)).kind, 'done');
    assert.deepEqual(
      (await actions()).map((one) => one['status']),
      ['approved'],
    );
  });

  it('a rule is changed by two admins: proposed by command, found by the other one, confirmed by its card', async () => {
    assert.match(await say(maya, 'policy dry-run on we test again'), /Dry run: off → on\) waits for a second admin/);
    const waiting = await say(ann, 'approvals');
    assert.match(waiting, /Nothing waits for you/, 'an analyst is not shown the rules that admins discuss');
    const alex = await actorIn(t.admin, tenantId, 'tenant_admin', 'Alexandra');
    assert.match(await say(alex, 'approvals'), /"verb":"policy.confirm"/);
    const [change] = await services.policy.waiting(alex);
    assert.ok(change);
    const confirm = { verb: 'policy.confirm', ...entityData('policy_change', change.change) };
    assert.equal((await perform(by(maya), confirm)).kind, 'fresh', 'never by the proposer');
    assert.equal((await perform(by(alex), confirm)).kind, 'done');
    assert.equal((await services.policy.current(alex)).dryRun, true);
    assert.match(await say(ann, 'policy'), /on: nothing is sent to Microsoft/);
  });
});
