import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { roles } from '../../domain/access/actor.js';
import type { Actor } from '../../domain/access/actor.js';
import { capabilities, grantOf } from '../../domain/access/capabilities.js';
import { installationChain } from '../../domain/access/access-refusals.js';
import { grantInstallationAdmin, revokeInstallationAdmin } from '../../domain/access/provision.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { Caller, Services } from '../../domain/services.js';
import { actorIn, click, conversation, openAlert } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { rowsOf } from '../helpers/rows.js';

describe('a verified caller', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin, { name: 'Contoso' }));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
  });

  const caller = (who: Actor, given: Partial<Caller> = {}): Caller => ({
    entraTenantId: who.entraTenantId,
    aadObjectId: who.aadObjectId,
    displayName: 'whatever Teams says',
    conversationId: 'a:personal',
    conversationKind: 'personal',
    activityId: null,
    ...given,
  });
  const alsoMember = async (who: Actor, name = 'Fabrikam') => {
    const other = await insertTenant(t.admin, { name });
    await t
      .admin('tenant_members')
      .insert({ tenant_id: other.tenantId, user_id: who.userId, role: 'tenant_admin', display_name: 'Ann F.' });
    return other.tenantId;
  };
  const refusals = async (tenant: string) =>
    (await rowsOf(t.admin, 'audit_log', tenant, { action: 'access' })).map((row) => String(row.after.why));

  it('with one membership acts in that tenant, with the role and the name of it', async () => {
    assert.deepEqual(await services.access.resolveActor(caller(ann), null), { ...ann });
  });

  it('in a linked conversation acts in the tenant that it serves, and nowhere else', async () => {
    const other = await alsoMember(ann);
    const conversationId = await conversation(t.admin, { tenantId: other });
    const there = caller(ann, { conversationId, conversationKind: 'channel' });
    const actor = await services.access.resolveActor(there, null);
    assert.deepEqual([actor.tenantId, actor.role, actor.displayName], [other, 'tenant_admin', 'Ann F.']);
    await services.access.resolveActor(there, other.toUpperCase());
    await assert.rejects(services.access.resolveActor(there, tenantId), /serves another tenant/);
    assert.deepEqual(await refusals(other), ['other_tenant']);
  });

  it('with several memberships acts where the card says, else is asked, without names where others read', async () => {
    const other = await alsoMember(ann);
    assert.equal((await services.access.resolveActor(caller(ann), other)).tenantId, other);
    await assert.rejects(services.access.resolveActor(caller(ann), null), /Contoso, Fabrikam/);
    const channel = caller(ann, { conversationId: await conversation(t.admin), conversationKind: 'channel' });
    await assert.rejects(services.access.resolveActor(channel, null), (error: Error) => {
      assert.doesNotMatch(error.message, /Contoso|Fabrikam/);
      return true;
    });
    assert.equal((await services.access.resolveActor(channel, tenantId)).tenantId, tenantId);
  });

  it('in a channel that serves nobody is asked, also with one membership: others read there', async () => {
    const where = { conversationId: await conversation(t.admin), conversationKind: 'channel' } as const;
    await assert.rejects(services.access.resolveActor(caller(ann, where), null), (error: Error) => {
      assert.match(error.message, /serves no tenant yet.*personal chat.*link alerts/);
      assert.doesNotMatch(error.message, /Contoso/);
      return true;
    });
    const groupChat = { ...where, conversationKind: 'groupChat' } as const;
    await assert.rejects(services.access.resolveActor(caller(ann, groupChat), null), /serves no tenant yet/);
    assert.equal((await services.access.resolveActor(caller(ann, where), tenantId)).tenantId, tenantId);
  });

  it('who is not accepted, unknown, switched off or no member reads what is missing, and the trail says so', async () => {
    const stranger = { ...ann, aadObjectId: randomUUID() };
    const foreign = { ...ann, entraTenantId: randomUUID() };
    const foreignTenant = (await insertTenant(t.admin)).tenantId;
    await assert.rejects(services.access.resolveActor(caller(foreign), null), /organisation is not connected/);
    await assert.rejects(services.access.resolveActor(caller(stranger), null), /runs this installation can add you/);
    await assert.rejects(services.access.resolveActor(caller({ ...ann, aadObjectId: "' or 1=1" }), null), DomainError);
    const said = new Set<string>();
    for (const hint of [foreignTenant, randomUUID(), '__proto__'])
      await services.access.resolveActor(caller(ann), hint).catch((error: Error) => said.add(error.message));
    assert.equal(said.size, 1, 'a foreign tenant and one that does not exist get the same answer');
    await t.admin('tenant_members').where({ user_id: ann.userId }).update({ is_active: false });
    await assert.rejects(services.access.resolveActor(caller(ann), null), /switched off/);
    await t.admin('users').where({ id: ann.userId }).update({ is_active: false });
    await assert.rejects(services.access.resolveActor(caller(ann), null), /account is switched off/);
    const chain = await rowsOf(t.admin, 'audit_log', installationChain);
    const hers = chain.filter((row) => row.entity_id?.endsWith(ann.aadObjectId));
    assert.deepEqual(hers.map((row) => String(row.after.why)).toSorted(), [
      'deactivated',
      'entra_not_accepted',
      'no_membership',
      'not_a_member',
    ]);
  });

  it('refused again and again is written down each time in a tenant, and once a minute outside of any', async () => {
    const conversationId = await conversation(t.admin, { tenantId });
    const stranger = caller({ ...ann, aadObjectId: randomUUID() }, { conversationId, conversationKind: 'channel' });
    for (let i = 0; i < 5; i += 1) await assert.rejects(services.access.resolveActor(stranger, null));
    assert.deepEqual(await refusals(tenantId), Array(5).fill('unknown_person'));
    const nowhere = caller({ ...ann, aadObjectId: randomUUID() });
    const before = await refusals(installationChain);
    for (let i = 0; i < 5; i += 1) await assert.rejects(services.access.resolveActor(nowhere, null));
    assert.equal((await refusals(installationChain)).length, before.length + 1);
  });

  it('an installation admin is super admin in every tenant that is not closed', async () => {
    const elsewhere = await insertTenant(t.admin);
    const root = await actorIn(t.admin, elsewhere.tenantId, 'user', 'Root');
    await t.admin('installation_admins').insert({ user_id: root.userId });
    assert.equal((await services.access.resolveActor(caller(root), tenantId)).role, 'super_admin');
    assert.equal((await services.access.resolveActor(caller(root), elsewhere.tenantId)).role, 'super_admin');
    await t.admin('tenants').where({ id: tenantId }).update({ is_active: false });
    await assert.rejects(services.access.resolveActor(caller(root), tenantId), /not a member/);
    await assert.rejects(services.access.resolveActor(caller(root), randomUUID()), /not a member/);
  });

  it('an installation admin whose grant is taken back keeps nothing of it, not even where they have acted', async () => {
    const elsewhere = await insertTenant(t.admin);
    const root = await actorIn(t.admin, elsewhere.tenantId, 'security_analyst', 'Root');
    await grantInstallationAdmin(t.admin, root.entraTenantId, root.aadObjectId);
    const admin = await services.access.resolveActor(caller(root), tenantId);
    await services.alerts.take(click(admin, await openAlert(t.db, tenantId)));
    await revokeInstallationAdmin(t.admin, root.entraTenantId, root.aadObjectId);
    await assert.rejects(services.access.resolveActor(caller(root), tenantId), /switched off/);
    assert.equal((await services.access.resolveActor(caller(root), elsewhere.tenantId)).role, 'security_analyst');
    await assert.rejects(revokeInstallationAdmin(t.admin, root.entraTenantId, root.aadObjectId), /no admin/);
  });

  it('memberships and assignees show who may', async () => {
    await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    await actorIn(t.admin, tenantId, 'user', 'Uwe');
    const gone = await actorIn(t.admin, tenantId, 'security_analyst', 'Gone');
    await t.admin('tenant_members').where({ user_id: gone.userId }).update({ is_active: false });
    assert.deepEqual(
      (await services.access.assignees(ann)).map((person) => person.displayName),
      ['Ann'],
    );
    const [membership] = await services.access.memberships(caller(ann));
    assert.deepEqual(membership, { tenantId, tenantName: 'Contoso', role: 'security_analyst' });
  });

  it('can do what the role grants and nothing else: every role and every capability', async () => {
    const allowed: Record<string, readonly string[]> = {
      super_admin: capabilities,
      tenant_admin: capabilities.filter((one) => one !== 'alert.work' && one !== 'incident.link'),
      security_analyst: capabilities.filter((one) => !['assign', 'administer', 'audit.read'].includes(one)),
      it_helpdesk_analyst: [],
      user: [],
    };
    for (const role of roles)
      for (const capability of capabilities)
        assert.equal(grantOf(role, capability) !== 'no', allowed[role]?.includes(capability), `${role} ${capability}`);
    assert.equal(grantOf('toString' as 'user', 'read'), 'no');
  });

  it('without a role that may is refused on every verb and list, and nothing changes', async () => {
    const id = await openAlert(t.db, tenantId);
    const { alerts, incidents, access, channels } = services;
    for (const role of ['it_helpdesk_analyst', 'user', 'stranger'] as const) {
      const who = { ...ann, role: role as 'user' };
      const c = click(who, id);
      const attempts = [
        alerts.view(who, id),
        alerts.findByNumber(who, 1),
        alerts.queue(who, null),
        alerts.mine(who, null),
        alerts.take(c),
        alerts.assign(c, ann.userId, 'x'),
        alerts.investigate(c),
        alerts.escalate(c),
        alerts.close(c, 'closed_benign', 'a known test'),
        alerts.release(c, 'x'),
        alerts.reopen(c, 'x'),
        incidents.view(who, id),
        incidents.findByNumber(who, 1),
        incidents.list(who, 'all', null),
        incidents.linkable(who, id),
        incidents.start(c),
        incidents.resolve(c, 'x'),
        incidents.dismiss(c, 'x'),
        incidents.reopen(c, 'x'),
        incidents.handOver(c, ann.userId, 'x'),
        incidents.linkAlert(c, id),
        access.assignees(who),
        channels.link(who, 'x', 'alerts', null),
        channels.unlink(who, 'x', null, null),
      ];
      for (const outcome of await Promise.allSettled(attempts)) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof DomainError && outcome.reason.code === 'refused', String(outcome.reason));
      }
    }
    assert.equal((await alerts.view(ann, id)).alert.version, 1);
  });
});
