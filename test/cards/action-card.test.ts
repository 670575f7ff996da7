import assert from 'node:assert/strict';
import { drawActionCard } from '../../cards/action-card.js';
import { actionSentence } from '../../cards/action-words.js';
import { actionStatuses } from '../../domain/actions/action.js';
import type { ActionView, DeviceAction } from '../../domain/actions/action.js';
import { actionRow, actionView, deviceId, tenantId } from './action-views.js';
import { at, bo, entraTenantId } from './views.js';
import { ofType, texts, titles } from './walk.js';

const draw = (action: Partial<DeviceAction> = {}, changes: Partial<ActionView> = {}) =>
  drawActionCard(actionView(action, changes));
const words = (action: Partial<DeviceAction> = {}, changes: Partial<ActionView> = {}) =>
  texts(draw(action, changes).content);

describe('the card of a device action', () => {
  it('says what is asked of which device, by whom and why, and who was asked and how they were reached', () => {
    const lines = words().split('\n');
    for (const line of [
      '■ Isolate device · ACT-7',
      '◷ Waiting for approval',
      'con-lap-0117',
      'Contoso',
      '◷ Waiting for approval until {{TIME(2026-03-02T10:30:00Z)}}.',
      'Windows 11 · health active',
      'Ann Ek',
      'Full isolation',
      'Emotet was run',
      'A-1042',
      'Needed from somebody else',
      'Asked to approve',
      'Bo Berg\u2003',
      'asked in the personal chat',
      'Maya Chen\u2003',
      'mentioned in the channel',
      'Ann Ek asked to isolate the device: Emotet was run',
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    }
  });

  it('offers what its state allows', () => {
    const offered = Object.fromEntries(actionStatuses.map((status) => [status, titles(draw({ status }).content)]));
    assert.deepEqual(offered, {
      requested: ['Approve', 'Reject', 'Cancel', 'Device'],
      approved: ['Cancel', 'Device'],
      pending: ['Cancel', 'Device'],
      in_progress: ['Cancel', 'Device'],
      unknown: ['Release device', 'Device'],
      completed: ['Release device', 'Device'],
      failed: ['Device'],
      timed_out: ['Device'],
      cancelled: ['Device'],
      rejected: ['Device'],
      expired: ['Device'],
    });
  });

  it('approves on the click and asks for words for the rest; only Approve is emphasised', () => {
    const actions = draw().content['actions'] as Record<string, unknown>[];
    assert.deepEqual(
      actions.map(({ type, style }) => [type, style ?? 'plain']),
      [
        ['Action.Execute', 'positive'],
        ['Action.Submit', 'plain'],
        ['Action.Submit', 'plain'],
        ['Action.Submit', 'plain'],
      ],
    );
    const data = actions.map((action) => action['data'] as Record<string, unknown>);
    const own = { tenantId, entity: 'action', entityId: actionRow().id, version: 3, schema: 1 };
    assert.deepEqual(data[0], { verb: 'action.approve', ...own });
    const { msteams, ...show } = data[3] ?? {};
    assert.deepEqual(msteams, { type: 'task/fetch' });
    assert.deepEqual(show, { ...own, verb: 'device.show', entity: 'device', entityId: deviceId, version: 0 });
  });

  it('offers no release where nothing was isolated: a dry run, a scan, a device that was released since', () => {
    const ended = { status: 'completed', completedAt: at('10:05:00') } as const;
    const released = actionView().device;
    assert.ok(released);
    assert.deepEqual(titles(draw({ ...ended, isDryRun: true }).content), ['Device']);
    assert.deepEqual(titles(draw({ ...ended, kind: 'scan' }).content), ['Device']);
    assert.deepEqual(titles(draw(ended, { device: { ...released, isolation: 'not_isolated' } }).content), ['Device']);
    assert.ok(titles(draw({ status: 'timed_out', lateOutcome: 'Succeeded' }).content).includes('Release device'));
  });

  it('says of a queued action that the device must come back, and when it is cancelled by itself', () => {
    const { device } = actionView();
    assert.ok(device);
    const offline = words({ status: 'pending' }, { device: { ...device, health: 'Inactive' } });
    assert.match(
      offline,
      /the device is offline; it will happen when it is back\. Cancelled by itself at \{\{DATE\(2026-03-03T10/,
    );
    assert.match(words({ status: 'pending' }), /Queued at Microsoft until the device takes it\./);
    assert.deepEqual(titles(draw({ status: 'pending', cancelRequestedAt: at('10:04:00') }).content), ['Device']);
    assert.match(
      words({ status: 'pending', cancelRequestedAt: at('10:04:00'), cancelRequestedBy: 'x' }),
      /Cancelling is wanted/,
    );
  });

  it('says of a dry run clearly that nothing was sent, once', () => {
    const dry = { isDryRun: true, status: 'completed', completedAt: at('10:05:00') } as const;
    const all = words({ ...dry, resultMessage: 'Dry run: nothing was sent to Microsoft.' });
    assert.equal(all.match(/nothing was sent to Microsoft/g)?.length, 1);
    assert.match(all, /^✓ Completed \(dry run\)$/m);
    assert.doesNotMatch(all, /The device is isolated/);
    assert.match(words({ isDryRun: true }), /^◌ Dry run: nothing is sent to Microsoft\.$/m);
  });

  it('says who acted alone, until somebody has looked at it', () => {
    const alone = { isBreakGlass: true, status: 'completed', completedAt: at('10:05:00') } as const;
    assert.match(words(alone), /^▲ Ann Ek acted alone \(break-glass\)\. Another admin has to look at it/m);
    assert.equal(titles(draw(alone).content)[0], 'Mark as reviewed');
    const reviewed = { ...alone, reviewedBy: bo.userId, reviewedAt: at('11:00:00') };
    assert.match(words(reviewed), /^✓ Ann Ek acted alone \(break-glass\); reviewed by Bo Berg\.$/m);
    assert.ok(!titles(draw(reviewed).content).includes('Mark as reviewed'));
  });

  it('warns of an outcome that came late, and says when it follows what was there already', () => {
    const late = words({ status: 'timed_out', lateOutcome: 'Succeeded' });
    assert.match(late, /^▲ After this had ended here, Microsoft said: Succeeded\. The device may be isolated/m);
    assert.match(
      words({ status: 'in_progress', isAttached: true }),
      /follows an action that was under way at Microsoft/,
    );
  });

  it('tells how it ended and why, in a sentence', () => {
    assert.match(
      words({ status: 'failed', resultMessage: 'Microsoft says that it failed.' }),
      /^✕ Microsoft says that it failed\.$/m,
    );
    assert.match(words({ status: 'rejected', endedBy: bo.userId, endReason: 'A drill' }), /^A drill$/m);
    assert.match(words({ status: 'completed' }), /^✓ The device is isolated\.$/m);
    assert.match(words({ status: 'completed', kind: 'unisolate' }), /^✓ The device is released from isolation\.$/m);
  });

  it("keeps Microsoft's action id among the details, and leads to the device in Defender in the right tenant", () => {
    const { content } = draw({ microsoftActionId: '2e9da30d-27f6-4208-81f2-9cd3d67893ba' });
    assert.match(texts(content), /^2e9da30d-27f6-4208-81f2-9cd3d67893ba$/m);
    assert.equal(
      ofType(content, 'Action.OpenUrl')[0]?.['url'],
      `https://security.microsoft.com/machines/1e5bc9d7e413ddd7902c2932e418702b84d0cc07?tid=${entraTenantId}`,
    );
    const { device } = actionView();
    assert.ok(device);
    assert.deepEqual(
      ofType(draw({}, { device: { ...device, microsoftDeviceId: null } }).content, 'Action.OpenUrl'),
      [],
    );
  });

  it('draws the deeds of jobs in the name of the product, without the reason again', () => {
    const history = [{ at: at('10:03:00'), by: 'device_action', action: 'action.sent', reason: 'Emotet was run' }];
    assert.match(words({ status: 'in_progress' }, { history }), /^AVIAN sent it to Microsoft$/m);
  });

  it('is being sent until an answer, or that none came, is written down', () => {
    const sentAt = at('10:03:00');
    assert.match(words({ status: 'unknown', sentAt }), /Being sent[^]*It is being sent to Microsoft\./);
    const lost = words({ status: 'unknown', sentAt, resultMessage: 'The connection was cut.' });
    assert.match(lost, /Outcome not known[^]*it is never sent a second time\. The connection was cut\./);
  });

  it('answers in one sentence where no card can be shown', () => {
    const { asked } = actionView();
    assert.equal(
      actionSentence(actionView()),
      'ACT-7: isolation of con-lap-0117 is requested. Bo Berg and Maya Chen are asked.',
    );
    assert.match(actionSentence(actionView({}, { asked: asked.slice(0, 1) })), /Bo Berg is asked\.$/);
    assert.match(actionSentence(actionView({}, { asked: [] })), /Nobody here could approve it\.$/);
    assert.equal(
      actionSentence(actionView({ kind: 'scan', status: 'approved', needsApproval: false, isDryRun: true })),
      'ACT-7: scan of con-lap-0117 is about to be sent. Dry run: nothing is sent to Microsoft.',
    );
  });
});
