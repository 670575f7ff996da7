import assert from 'node:assert/strict';
import { ana, channels } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';

describe('A page of another site, open on the same machine', () => {
  let on: Installation;
  before(async () => (on = await openInstallation()));
  after(() => on.close());

  it('cannot speak to the bot of local mode in the name of a person', async () => {
    const { world } = on.teams;
    const conversation = [...world.conversations.values()].find((one) => one.name === channels.contosoAlerts);
    const forged = {
      type: 'message',
      id: 'forged',
      channelId: 'msteams',
      serviceUrl: on.apps[0]?.address,
      text: 'unlink',
      from: { id: '29:ana', aadObjectId: ana.aadObjectId },
      recipient: { id: world.bot.id },
      conversation: { id: conversation?.id, conversationType: 'channel' },
      channelData: { tenant: { id: conversation?.entraTenantId } },
    };
    const send = (headers: Record<string, string>) =>
      fetch(`${on.apps[0]?.address}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(forged),
      });
    assert.equal((await send({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await send({})).status, 200, 'Teams itself is heard');
  });
});
